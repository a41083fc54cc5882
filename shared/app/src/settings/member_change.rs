//! Change a member. A practice keeps a director.

use hourkeep_domain::{
    ids::PractitionerId,
    people::{Membership, Role},
    text::Name,
};
use hourkeep_store::{Item, Stored, key};

use super::{
    MemberId, MemberView,
    members::check_role,
    set,
    writing::{Begun, Writing},
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, Step, directors_only},
    error::{Error, SettingsRefused},
};

/// The wish to change a member. What is `None` stays; `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct MemberChange {
    /// Their name.
    pub name: Option<Name>,
    /// As what.
    pub role: Option<Role>,
    /// The practitioner that they are.
    pub practitioner: Option<Option<PractitionerId>>,
    /// Whether they still may.
    pub active: Option<bool>,
}

fn is_director(member: &Membership) -> bool {
    member.active && member.role == Role::Director
}

/// Whether a change takes away a director and leaves none.
fn leaves_no_director(members: &[Membership], before: &Membership) -> bool {
    let other = |member: &Membership| (&member.issuer, &member.subject) != (&before.issuer, &before.subject);
    !members.iter().any(|member| is_director(member) && other(member))
}

impl Desk {
    /// Changes a member. The last active director stays one.
    pub async fn change_member(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: &MemberId,
        change: &MemberChange,
    ) -> Result<Answer, Error> {
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let named = change.practitioner.flatten();
            let keys = |practice| {
                let fixed = [id.key(practice), key::directors(practice)];
                fixed.into_iter().chain(named.map(|p| key::practitioner(practice, p))).collect()
            };
            let (caller, batch) = match writing.begin(keys).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            directors_only(&caller)?;
            let practice = caller.practice;
            let Stored { revision: read, body: before, .. } =
                batch.get::<Membership>(&id.key(practice))?.ok_or(Error::NotFound("member"))?;
            conditions.check(read)?;
            let mut member = before.clone();
            set(&mut member.name, change.name.clone());
            set(&mut member.role, change.role);
            set(&mut member.practitioner, change.practitioner);
            set(&mut member.active, change.active);
            if member == before {
                return Err(SettingsRefused::NothingToDo.into());
            }
            check_role(practice, (member.kind, member.role), member.practitioner, before.practitioner, &batch)?;
            let mut transaction = writing.member(id.key(practice), &member, read)?;
            if is_director(&before) && !is_director(&member) {
                // Two directors who remove each other at once write different members. Both count up the same
                // record, which each read before it looked at the members: one of them must look again.
                let counted = batch.get::<()>(&key::directors(practice))?.map_or(0, |stored| stored.revision);
                let members: Vec<Membership> = self.members(practice).await?.into_iter().map(|stored| stored.body).collect();
                if leaves_no_director(&members, &before) {
                    return Err(SettingsRefused::LastDirector.into());
                }
                transaction.replace(Item::new(key::directors(practice), &())?.revision(counted + 1), counted);
            }
            writing.end(practice, transaction, 200, read + 1, &MemberView::new(id.clone(), read + 1, &member))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use hourkeep_domain::{ids::PracticeId, people::MemberKind};

    use super::*;

    fn member(subject: &str, role: Role, active: bool) -> Membership {
        Membership {
            practice: PracticeId::from_bits(1),
            issuer: "https://sign-in.test".to_owned(),
            subject: subject.to_owned(),
            kind: MemberKind::Person,
            name: Name::parse(subject).unwrap(),
            role,
            practitioner: None,
            active,
        }
    }

    #[test]
    fn the_last_active_director_is_missed() {
        let ada = member("ada", Role::Director, true);
        let others = [ada.clone(), member("ben", Role::FrontDesk, true), member("eve", Role::Director, false)];
        assert!(leaves_no_director(&others, &ada));
    }

    #[test]
    fn one_of_two_directors_may_go() {
        let ada = member("ada", Role::Director, true);
        assert!(!leaves_no_director(&[ada.clone(), member("ben", Role::Director, true)], &ada));
    }

    #[test]
    fn the_same_subject_of_another_issuer_is_someone_else() {
        let ada = member("ada", Role::Director, true);
        let namesake = Membership { issuer: "https://other.test".to_owned(), ..ada.clone() };
        assert!(!leaves_no_director(&[ada.clone(), namesake], &ada));
    }
}
