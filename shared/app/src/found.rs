//! Found a practice, with its first director. Only the platform's operator does this.

use hourkeep_domain::{
    ids::{AttemptId, PracticeId, PractitionerId},
    money::Currency,
    people::{Membership, Practitioner, Role, WeeklyHours},
    practice::{Policies, Practice},
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_store::{CommitError, Item, Transaction, key};

use crate::{desk::Desk, error::Error};

/// The wish for a practice.
#[derive(Clone, Debug)]
pub struct Founding {
    /// Its name.
    pub name: Name,
    /// Its name in addresses; unique on the platform.
    pub slug: Slug,
    /// Its zone, and that of its director.
    pub zone: Zone,
    /// The currency of its prices.
    pub currency: Currency,
    /// Its rules.
    pub policies: Policies,
    /// The director, who treats clients too.
    pub director: Name,
    /// The director's address.
    pub email: Email,
    /// When the director works.
    pub weekly_hours: WeeklyHours,
    /// Who vouches for the director's sign-in.
    pub issuer: String,
    /// Whom they vouch for.
    pub subject: String,
}

/// Why a practice is not founded.
#[derive(Debug, thiserror::Error)]
pub enum FoundingRefused {
    /// The slug belongs to another.
    #[error("there is a practice of that slug already")]
    SlugTaken,
    /// It could not be written.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl Desk {
    /// Founds a practice: one transaction.
    pub async fn found(&self, founding: &Founding) -> Result<PracticeId, FoundingRefused> {
        let now = self.clock.now();
        let id = PracticeId::new(now, Self::random());
        let attempt = AttemptId::new(now, Self::random());
        let practitioner = Practitioner {
            id: PractitionerId::new(now, Self::random()),
            name: founding.director.clone(),
            email: founding.email.clone(),
            zone: founding.zone.clone(),
            weekly_hours: founding.weekly_hours.clone(),
            active: true,
        };
        let membership = Membership {
            practice: id,
            issuer: founding.issuer.clone(),
            subject: founding.subject.clone(),
            name: founding.director.clone(),
            role: Role::Director,
            practitioner: Some(practitioner.id),
            active: true,
        };
        let practice = Practice {
            id,
            name: founding.name.clone(),
            slug: founding.slug.clone(),
            zone: founding.zone.clone(),
            currency: founding.currency,
            policies: founding.policies.clone(),
        };
        let member = key::member(id, &membership.issuer, &membership.subject);
        let sign_in = key::membership(&membership.issuer, &membership.subject, id);
        let first = |item: Result<Item, hourkeep_store::StoreError>| Ok::<_, Error>(item?.revision(1).attempt(attempt));
        let mut transaction = Transaction::default();
        transaction.create(first(Item::new(key::practice(id), &practice))?);
        transaction.create(first(Item::new(key::slug(&practice.slug), &id))?);
        transaction.create(first(Item::new(key::practitioner(id, practitioner.id), &practitioner))?);
        transaction.create(first(Item::new(member, &membership))?);
        transaction.create(first(Item::new(sign_in, &membership))?);
        match self.table.commit(&transaction).await {
            Ok(()) => Ok(id),
            Err(CommitError::Stale) => Err(FoundingRefused::SlugTaken),
            Err(CommitError::Contended) => Err(Error::TooBusy.into()),
            Err(CommitError::Unknown(error) | CommitError::Impossible(error)) => Err(Error::from(error).into()),
        }
    }

    /// The practice of a slug.
    pub async fn practice_of_slug(&self, slug: &Slug) -> Result<Option<PracticeId>, Error> {
        Ok(self.table.get::<PracticeId>(&key::slug(slug)).await?.map(|stored| stored.body))
    }

    /// Where someone works: what a sign-in page offers.
    pub async fn memberships(&self, issuer: &str, subject: &str) -> Result<Vec<Membership>, Error> {
        let partition = key::memberships_partition(issuer, subject);
        let page = self.table.query::<Membership>(&partition, &hourkeep_store::Range::All, None, None).await?;
        Ok(page.items.into_iter().map(|(_, stored)| stored.body).filter(|member| member.active).collect())
    }

    /// Everyone who works in a practice, for the sign-in page of a laptop.
    pub async fn everyone(&self, practice: PracticeId) -> Result<Vec<(Membership, Option<Practitioner>)>, Error> {
        let range = hourkeep_store::Range::Prefix("MEMBER#".to_owned());
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
