//! Found a practice, with its first director. Only the platform's operator does this.

use hourkeep_domain::{
    account::Account,
    hours::{Exceptions, WeeklyHours},
    ids::{AttemptId, PracticeId, PractitionerId},
    money::Currency,
    people::{MemberKind, Membership, Practitioner, Role},
    practice::{Policies, Practice},
    text::{Email, Name, Slug},
    zone::Zone,
};
use hourkeep_store::{CommitError, Item, Transaction, key};

use super::Platform;
use crate::{
    desk::Desk,
    error::Error,
    usage::{Counter, count},
};

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

impl Platform {
    /// Founds a practice: one transaction.
    pub async fn found(&self, founding: &Founding) -> Result<PracticeId, FoundingRefused> {
        let now = self.clock.now();
        let id = PracticeId::new(now, Desk::random());
        let attempt = AttemptId::new(now, Desk::random());
        let practitioner = Practitioner {
            id: PractitionerId::new(now, Desk::random()),
            name: founding.director.clone(),
            email: founding.email.clone(),
            zone: founding.zone.clone(),
            weekly_hours: founding.weekly_hours.clone(),
            exceptions: Exceptions::default(),
            active: true,
        };
        let membership = Membership {
            practice: id,
            issuer: founding.issuer.clone(),
            subject: founding.subject.clone(),
            kind: MemberKind::Person,
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
            event_types: None,
            exceptions: Exceptions::default(),
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
        transaction.create(first(Item::new(key::account(id), &Account::default()))?);
        transaction.create(first(Item::new(key::platform(id), &id))?);
        // The practitioner and the member.
        count(&mut transaction, id, attempt, now, &[(Counter::RecordsAdded, 2)]);
        transaction.witness(key::practice(id), attempt);
        match self.table.commit(&transaction).await {
            Ok(()) => Ok(id),
            Err(CommitError::Stale) => Err(FoundingRefused::SlugTaken),
            Err(CommitError::Contended) => Err(Error::TooBusy.into()),
            Err(CommitError::Unknown(_)) if self.table.holds(&transaction).await.map_err(Error::from)? => Ok(id),
            Err(CommitError::Unknown(error) | CommitError::Impossible(error)) => Err(Error::from(error).into()),
        }
    }
}
