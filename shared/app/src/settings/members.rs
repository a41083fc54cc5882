//! Members: whose sign-in works where, and as what. Directors alone see and change them.

use hourkeep_domain::{
    ids::{PracticeId, PractitionerId},
    people::{MemberKind, Membership, Practitioner, Role},
    text::{Issuer, Name, Subject},
};
use hourkeep_store::{Batch, Item, Key, Range, Stored, Transaction, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    MemberId,
    writing::{Begun, Writing},
};
use crate::{
    answer::{Answer, Conditions},
    caller::{Principal, enter},
    desk::{Desk, Step, directors_only},
    error::{Error, SettingsRefused},
    list::List,
};

/// A member of the practice.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Member)]
pub struct MemberView {
    /// What names them in addresses.
    #[schema(value_type = String)]
    pub id: MemberId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// Who vouches for their sign-in: the `iss` of their tokens.
    pub issuer: String,
    /// Whom they vouch for: the `sub` of their tokens.
    pub subject: String,
    /// `person` or `machine`.
    #[schema(value_type = String, example = "person")]
    pub kind: MemberKind,
    /// Their name, as the history shows it.
    #[schema(value_type = String)]
    pub name: Name,
    /// `director`, `practitioner` or `front_desk`.
    #[schema(value_type = String, example = "front_desk")]
    pub role: Role,
    /// The practitioner that they are, if they see clients.
    #[schema(value_type = Option<String>)]
    pub practitioner_id: Option<PractitionerId>,
    /// Whether they still may.
    pub active: bool,
}

/// The wish that someone work in the practice.
#[derive(Clone, Debug)]
pub struct MemberRequest {
    /// Who vouches for the sign-in; the caller's own issuer if not given.
    pub issuer: Option<Issuer>,
    /// Whom they vouch for.
    pub subject: Subject,
    /// A person or a machine.
    pub kind: MemberKind,
    /// Their name.
    pub name: Name,
    /// As what.
    pub role: Role,
    /// The practitioner that they are.
    pub practitioner: Option<PractitionerId>,
}

impl MemberView {
    pub(super) fn new(id: MemberId, revision: u32, member: &Membership) -> Self {
        Self {
            id,
            revision,
            issuer: member.issuer.clone(),
            subject: member.subject.clone(),
            kind: member.kind,
            name: member.name.clone(),
            role: member.role,
            practitioner_id: member.practitioner,
            active: member.active,
        }
    }
}

fn stored_id(member: &Membership) -> Result<MemberId, Error> {
    let internal = |error: hourkeep_domain::text::BadText| Error::Internal(error.into());
    Ok(MemberId::new(Issuer::parse(&member.issuer).map_err(internal)?, Subject::parse(&member.subject).map_err(internal)?))
}

/// That a machine is no director, that someone with the practitioner role is a practitioner, and that whom they newly are
/// is there.
pub(super) fn check_role(
    practice: PracticeId,
    (kind, role): (MemberKind, Role),
    is: Option<PractitionerId>,
    was: Option<PractitionerId>,
    batch: &Batch,
) -> Result<(), Error> {
    match (kind, role) {
        (MemberKind::Machine, Role::Director) => return Err(SettingsRefused::MachineNotDirector.into()),
        (_, Role::Practitioner) if is.is_none() => return Err(SettingsRefused::PractitionerMissing.into()),
        (MemberKind::Person, Role::Director) | (_, Role::Practitioner | Role::FrontDesk) => {}
    }
    let Some(id) = is.filter(|_| is != was) else { return Ok(()) };
    let found = batch.body::<Practitioner>(&key::practitioner(practice, id))?;
    found.filter(|p| p.active).map(|_| ()).ok_or_else(|| SettingsRefused::UnknownProfile(id).into())
}

impl Writing<'_> {
    /// A member stands twice: with the practice, to be listed and changed, and with the sign-in, to be let in.
    pub(super) fn member(&self, place: Key, member: &Membership, read: u32) -> Result<Transaction, Error> {
        let mut transaction = self.transaction(member.practice, place, member, read)?;
        let sign_in = key::membership(&member.issuer, &member.subject, member.practice);
        transaction.put(Item::new(sign_in, member)?.revision(read + 1).attempt(self.attempt));
        Ok(transaction)
    }
}

impl Desk {
    /// Adds a member.
    pub async fn create_member(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &MemberRequest,
    ) -> Result<Answer, Error> {
        let issuer = match &request.issuer {
            Some(issuer) => issuer.clone(),
            None => Issuer::parse(&principal.issuer).map_err(|error| Error::Internal(error.into()))?,
        };
        let id = &MemberId::new(issuer, request.subject.clone());
        self.settle(principal, conditions, |attempt| async move {
            let writing = Writing::new(self, principal, conditions, attempt);
            let named = request.practitioner;
            let keys = |practice| [id.key(practice)].into_iter().chain(named.map(|p| key::practitioner(practice, p))).collect();
            let (caller, batch) = match writing.begin(keys).await? {
                Begun::Answered(answer) => return Ok(Step::Replayed(answer)),
                Begun::Fresh(begun) => *begun,
            };
            directors_only(&caller)?;
            let practice = caller.practice;
            if batch.get::<Membership>(&id.key(practice))?.is_some() {
                return Err(SettingsRefused::AlreadyAMember.into());
            }
            check_role(practice, (request.kind, request.role), named, None, &batch)?;
            let member = Membership {
                practice,
                issuer: id.issuer().to_owned(),
                subject: id.subject().to_owned(),
                kind: request.kind,
                name: request.name.clone(),
                role: request.role,
                practitioner: named,
                active: true,
            };
            let transaction = writing.member(id.key(practice), &member, 0)?;
            writing.end(practice, transaction, 201, 1, &MemberView::new(id.clone(), 1, &member))
        })
        .await
    }

    /// Shows a member.
    pub async fn show_member(&self, principal: &Principal, id: &MemberId) -> Result<MemberView, Error> {
        let (caller, batch) = enter(&self.table, principal, |practice| vec![id.key(practice)]).await?;
        directors_only(&caller)?;
        let stored = batch.get::<Membership>(&id.key(caller.practice))?.ok_or(Error::NotFound("member"))?;
        Ok(MemberView::new(id.clone(), stored.revision, &stored.body))
    }

    /// Lists the members.
    pub async fn list_members(&self, principal: &Principal, include_inactive: bool) -> Result<List<MemberView>, Error> {
        let (caller, _) = enter(&self.table, principal, |_| Vec::new()).await?;
        directors_only(&caller)?;
        let members = self.members(caller.practice).await?.into_iter();
        let shown = members.filter(|stored| include_inactive || stored.body.active);
        let views = shown.map(|stored| Ok(MemberView::new(stored_id(&stored.body)?, stored.revision, &stored.body)));
        Ok(List::whole(views.collect::<Result<_, Error>>()?))
    }

    pub(super) async fn members(&self, practice: PracticeId) -> Result<Vec<Stored<Membership>>, Error> {
        let range = Range::Prefix(key::MEMBERS.to_owned());
        let page = self.table.query::<Membership>(&key::practice_partition(practice), &range, None, None).await?;
        Ok(page.items.into_iter().map(|(_, stored)| stored).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_practitioner_role_needs_a_practitioner() {
        let batch = Batch::default();
        let check = |role, is, was| check_role(PracticeId::from_bits(1), (MemberKind::Person, role), is, was, &batch);
        let id = PractitionerId::from_bits(2);
        assert!(matches!(check(Role::Practitioner, None, None), Err(Error::Settings(SettingsRefused::PractitionerMissing))));
        assert!(matches!(check(Role::FrontDesk, Some(id), None), Err(Error::Settings(SettingsRefused::UnknownProfile(_)))));
        assert!(check(Role::Practitioner, Some(id), Some(id)).is_ok());
        assert!(check(Role::Director, None, Some(id)).is_ok());
    }

    #[test]
    fn a_machine_is_anything_but_a_director() {
        let batch = Batch::default();
        let id = PractitionerId::from_bits(2);
        let check = |role| check_role(PracticeId::from_bits(1), (MemberKind::Machine, role), Some(id), Some(id), &batch);
        assert!(matches!(check(Role::Director), Err(Error::Settings(SettingsRefused::MachineNotDirector))));
        assert!(check(Role::FrontDesk).is_ok() && check(Role::Practitioner).is_ok());
    }
}
