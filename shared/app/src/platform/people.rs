//! Who works where: what sign-in pages offer.

use hourkeep_domain::{
    ids::PracticeId,
    people::{Membership, Practitioner},
};
use hourkeep_store::{Range, key};

use super::Platform;
use crate::error::Error;

impl Platform {
    /// Where someone works: what a sign-in page offers.
    pub async fn memberships(&self, issuer: &str, subject: &str) -> Result<Vec<Membership>, Error> {
        let partition = key::memberships_partition(issuer, subject);
        let page = self.table.query::<Membership>(&partition, &Range::All, None, None).await?;
        Ok(page.items.into_iter().map(|(_, stored)| stored.body).filter(|member| member.active).collect())
    }

    /// Everyone who works in a practice, for the sign-in page of a laptop.
    pub async fn everyone(&self, practice: PracticeId) -> Result<Vec<(Membership, Option<Practitioner>)>, Error> {
        let range = Range::Prefix("MEMBER#".to_owned());
        let page = self.table.query::<Membership>(&key::practice_partition(practice), &range, None, None).await?;
        let mut everyone = Vec::new();
        for (_, stored) in page.items {
            let practitioner = match stored.body.practitioner {
                Some(id) => self.table.get(&key::practitioner(practice, id)).await?.map(|stored| stored.body),
                None => None,
            };
            everyone.push((stored.body, practitioner));
        }
        Ok(everyone)
    }
}
