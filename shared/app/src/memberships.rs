//! Where someone works: what sign-in pages show, and what whoever works in several practices chooses from.

use hourkeep_domain::{
    account::Account,
    ids::{PracticeId, PractitionerId},
    people::{Membership, Role},
    practice::Practice,
    text::{Name, Slug},
    zone::Zone,
};
use hourkeep_store::{Batch, Range, key};
use serde::Serialize;
use utoipa::ToSchema;

use crate::{caller::Principal, desk::Desk, error::Error, list::List};

/// That the caller works in a practice.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Membership)]
pub struct MembershipView {
    /// Which: what `Hourkeep-Practice` names.
    #[schema(value_type = String)]
    pub practice_id: PracticeId,
    /// Its name.
    #[schema(value_type = String)]
    pub name: Name,
    /// Its name in addresses.
    #[schema(value_type = String)]
    pub slug: Slug,
    /// Its zone, by its IANA name.
    #[schema(value_type = String)]
    pub time_zone: Zone,
    /// As what the caller works there: `director`, `practitioner` or `front_desk`.
    #[schema(value_type = String, example = "front_desk")]
    pub role: Role,
    /// The practitioner that the caller is there, if they see clients.
    #[schema(value_type = Option<String>)]
    pub practitioner_id: Option<PractitionerId>,
    /// Whether the practice is suspended: it can be read, and not changed.
    pub suspended: bool,
}

/// How many practices are read at once: two records each, and DynamoDB reads a hundred.
const AT_ONCE: usize = 50;

impl Desk {
    /// Where the caller works, whichever practice they mean; nowhere is an empty list.
    pub async fn list_memberships(&self, principal: &Principal) -> Result<List<MembershipView>, Error> {
        let partition = key::memberships_partition(&principal.issuer, &principal.subject);
        let found = self.table.query::<Membership>(&partition, &Range::All, None, None).await?;
        let members: Vec<Membership> = found.items.into_iter().map(|(_, stored)| stored.body).filter(|m| m.active).collect();
        let mut items = Vec::with_capacity(members.len());
        for some in members.chunks(AT_ONCE) {
            let keys = some.iter().flat_map(|member| [key::practice(member.practice), key::account(member.practice)]);
            let batch = self.table.get_many(keys).await?;
            for member in some {
                items.extend(view(member, &batch)?);
            }
        }
        Ok(List::whole(items))
    }
}

fn view(member: &Membership, batch: &Batch) -> Result<Option<MembershipView>, Error> {
    let Some(practice) = batch.body::<Practice>(&key::practice(member.practice))? else { return Ok(None) };
    let account = batch.body::<Account>(&key::account(member.practice))?.unwrap_or_default();
    Ok(Some(MembershipView {
        practice_id: practice.id,
        name: practice.name,
        slug: practice.slug,
        time_zone: practice.zone,
        role: member.role,
        practitioner_id: member.practitioner,
        suspended: account.is_suspended(),
    }))
}
