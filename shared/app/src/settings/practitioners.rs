//! Practitioners: who treats, in which zone, and when they work.

use hourkeep_domain::{
    hours::{Exceptions, WeeklyHours},
    ids::{PracticeId, PractitionerId},
    people::{Membership, Practitioner},
    text::{Email, Name},
    zone::Zone,
};
use hourkeep_store::{Key, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    hours::{HoursExceptionBody, OpenHoursBody},
    record::{Listed, Record},
    set,
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, directors_only},
    error::Error,
    list::List,
};

/// A practitioner.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Practitioner)]
pub struct PractitionerView {
    /// Their id.
    #[schema(value_type = String, example = "prt_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: PractitionerId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// Their name.
    #[schema(value_type = String)]
    pub name: Name,
    /// Where replies to mails go.
    #[schema(value_type = String, example = "ada@demo.test")]
    pub email: Email,
    /// The zone of their profile: times that name none are in it (P7).
    #[schema(value_type = String, example = "America/Vancouver")]
    pub time_zone: Zone,
    /// When they work, in their zone: at most 42 intervals that do not overlap.
    #[schema(value_type = Vec<OpenHoursBody>)]
    pub weekly_hours: WeeklyHours,
    /// Days on which they work other hours or not at all, in order.
    #[schema(value_type = Vec<HoursExceptionBody>)]
    pub exceptions: Exceptions,
    /// Whether they still work there.
    pub active: bool,
}

/// The wish for a practitioner.
#[derive(Clone, Debug)]
pub struct PractitionerRequest {
    /// Their name.
    pub name: Name,
    /// Where replies to mails go.
    pub email: Email,
    /// Their zone; the practice's if not given.
    pub zone: Option<Zone>,
    /// When they work; with none given, no hours are kept.
    pub weekly_hours: WeeklyHours,
    /// Days that are exceptions to it.
    pub exceptions: Exceptions,
}

/// The wish to change a practitioner. What is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct PractitionerChange {
    /// Their name.
    pub name: Option<Name>,
    /// Where replies to mails go.
    pub email: Option<Email>,
    /// Their zone. Sessions that are scheduled stay in theirs.
    pub zone: Option<Zone>,
    /// When they work.
    pub weekly_hours: Option<WeeklyHours>,
    /// Days that are exceptions to it: all of them.
    pub exceptions: Option<Exceptions>,
    /// Whether they still work there. Sessions that are scheduled stay.
    pub active: Option<bool>,
}

impl PractitionerChange {
    /// A director changes everything; a practitioner their own zone and hours.
    fn allowed(&self, member: &Membership, id: PractitionerId) -> Result<(), Error> {
        let only_zone_and_hours = self.name.is_none() && self.email.is_none() && self.active.is_none();
        if member.practitioner == Some(id) && only_zone_and_hours { Ok(()) } else { directors_only(member) }
    }
}

impl Record for Practitioner {
    type Id = PractitionerId;
    type View = PractitionerView;

    const WHAT: &'static str = "practitioner";

    fn key(practice: PracticeId, id: PractitionerId) -> Key {
        key::practitioner(practice, id)
    }

    fn view(&self, revision: u32) -> PractitionerView {
        PractitionerView {
            id: self.id,
            revision,
            name: self.name.clone(),
            email: self.email.clone(),
            time_zone: self.zone.clone(),
            weekly_hours: self.weekly_hours.clone(),
            exceptions: self.exceptions.clone(),
            active: self.active,
        }
    }
}

impl Listed for Practitioner {
    const PREFIX: &'static str = key::PRACTITIONERS;

    fn is_active(&self) -> bool {
        self.active
    }
}

impl Desk {
    /// Adds a practitioner.
    pub async fn create_practitioner(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &PractitionerRequest,
    ) -> Result<Answer, Error> {
        let id = PractitionerId::new(self.clock.now(), Self::random());
        self.create_record(principal, conditions, id, directors_only, |practice| Practitioner {
            id,
            name: request.name.clone(),
            email: request.email.clone(),
            zone: request.zone.clone().unwrap_or_else(|| practice.zone.clone()),
            weekly_hours: request.weekly_hours.clone(),
            exceptions: request.exceptions.clone(),
            active: true,
        })
        .await
    }

    /// Shows a practitioner.
    pub async fn show_practitioner(&self, principal: &Principal, id: PractitionerId) -> Result<PractitionerView, Error> {
        self.show_record::<Practitioner>(principal, id).await
    }

    /// Lists the practitioners.
    pub async fn list_practitioners(&self, principal: &Principal, include_inactive: bool) -> Result<List<PractitionerView>, Error> {
        self.list_records::<Practitioner>(principal, include_inactive).await
    }

    /// Changes a practitioner.
    pub async fn change_practitioner(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: PractitionerId,
        change: &PractitionerChange,
    ) -> Result<Answer, Error> {
        let apply = |practitioner: &mut Practitioner| {
            set(&mut practitioner.name, change.name.clone());
            set(&mut practitioner.email, change.email.clone());
            set(&mut practitioner.zone, change.zone.clone());
            set(&mut practitioner.weekly_hours, change.weekly_hours.clone());
            set(&mut practitioner.exceptions, change.exceptions.clone());
            set(&mut practitioner.active, change.active);
        };
        self.change_record(principal, conditions, id, |member| change.allowed(member, id), apply).await
    }
}
