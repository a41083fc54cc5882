//! The practice and its policies.

use hourkeep_domain::{
    hours::Exceptions,
    ids::PracticeId,
    money::{Amount, Currency},
    practice::{Hours, Policies, Practice, WindowMinutes},
    reminder::Reminders,
    slot::Minutes,
    text::{Name, Slug},
    zone::Zone,
};
use hourkeep_store::{Key, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{hours::HoursExceptionBody, record::Record, set};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, directors_only},
    error::Error,
};

/// A practice.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Practice)]
pub struct PracticeView {
    /// Its id.
    #[schema(value_type = String, example = "prc_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: PracticeId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// Its name, as clients know it.
    #[schema(value_type = String)]
    pub name: Name,
    /// Its name in addresses.
    #[schema(value_type = String, example = "harbour-clinic")]
    pub slug: Slug,
    /// Its zone.
    #[schema(value_type = String, example = "America/Vancouver")]
    pub time_zone: Zone,
    /// The currency of all its prices and fees.
    #[schema(value_type = String, example = "CAD")]
    pub currency: Currency,
    /// Its rules.
    pub policies: PoliciesView,
    /// Days on which it is closed or keeps other hours, such as holidays, in order. They hold for everyone who has no exception
    /// of their own on that day.
    #[schema(value_type = Vec<HoursExceptionBody>)]
    pub exceptions: Exceptions,
}

/// A practice's rules.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Policies)]
pub struct PoliciesView {
    /// How long before its start a client may still move or book a session by themselves, in hours.
    #[schema(value_type = u16)]
    pub self_service_notice_hours: Hours,
    /// A cancellation less than this before the start is late, in hours.
    #[schema(value_type = u16)]
    pub late_cancellation_hours: Hours,
    /// A session is due this long before its start, in minutes.
    #[schema(value_type = u16)]
    pub due_window_minutes: WindowMinutes,
    /// How long a session lasts unless someone says otherwise.
    #[schema(value_type = u16)]
    pub default_length_minutes: Minutes,
    /// The step of the times that are offered, in minutes.
    #[schema(value_type = u16)]
    pub slot_step_minutes: Minutes,
    /// What a late cancellation or a missed session costs, in minor units.
    #[schema(value_type = i64)]
    pub no_show_fee_minor: Amount,
    /// The reminders of a session that names none.
    #[schema(value_type = Vec<Object>, example = json!([{"days_before": 2, "channel": "email"}]))]
    pub reminders: Reminders,
    /// The name that mails come from; the practice's own if none is set.
    #[schema(value_type = Option<String>)]
    pub sender_name: Option<Name>,
    /// Kept free before each session, in minutes.
    #[schema(value_type = u16)]
    pub buffer_before_minutes: WindowMinutes,
    /// Kept free after each session, in minutes.
    #[schema(value_type = u16)]
    pub buffer_after_minutes: WindowMinutes,
}

impl From<&Policies> for PoliciesView {
    fn from(policies: &Policies) -> Self {
        Self {
            self_service_notice_hours: policies.self_service_notice_hours,
            late_cancellation_hours: policies.late_cancellation_hours,
            due_window_minutes: policies.due_window_minutes,
            default_length_minutes: policies.default_length_minutes,
            slot_step_minutes: policies.slot_step_minutes,
            no_show_fee_minor: policies.no_show_fee_minor,
            reminders: policies.reminders.clone(),
            sender_name: policies.sender_name.clone(),
            buffer_before_minutes: policies.buffer_before_minutes,
            buffer_after_minutes: policies.buffer_after_minutes,
        }
    }
}

/// The wish to change a practice. What is `None` stays. Its name in addresses stays: links that were given out
/// carry it.
#[derive(Clone, Debug, Default)]
pub struct PracticeChange {
    /// Its name.
    pub name: Option<Name>,
    /// Its zone. Practitioners and sessions keep theirs.
    pub zone: Option<Zone>,
    /// The currency of all its prices and fees. No amount is converted.
    pub currency: Option<Currency>,
    /// Its rules.
    pub policies: PolicyChange,
    /// Days on which it is closed or keeps other hours: all of them.
    pub exceptions: Option<Exceptions>,
}

/// The wish to change a practice's rules. What is `None` stays; `Some(None)` takes away.
#[derive(Clone, Debug, Default)]
pub struct PolicyChange {
    /// See [`Policies::self_service_notice_hours`].
    pub self_service_notice_hours: Option<Hours>,
    /// See [`Policies::late_cancellation_hours`].
    pub late_cancellation_hours: Option<Hours>,
    /// See [`Policies::due_window_minutes`].
    pub due_window_minutes: Option<WindowMinutes>,
    /// See [`Policies::default_length_minutes`].
    pub default_length_minutes: Option<Minutes>,
    /// See [`Policies::slot_step_minutes`].
    pub slot_step_minutes: Option<Minutes>,
    /// See [`Policies::no_show_fee_minor`].
    pub no_show_fee_minor: Option<Amount>,
    /// See [`Policies::reminders`].
    pub reminders: Option<Reminders>,
    /// See [`Policies::sender_name`].
    pub sender_name: Option<Option<Name>>,
    /// See [`Policies::buffer_before_minutes`].
    pub buffer_before_minutes: Option<WindowMinutes>,
    /// See [`Policies::buffer_after_minutes`].
    pub buffer_after_minutes: Option<WindowMinutes>,
}

impl PolicyChange {
    fn apply(&self, policies: &mut Policies) {
        set(&mut policies.self_service_notice_hours, self.self_service_notice_hours);
        set(&mut policies.late_cancellation_hours, self.late_cancellation_hours);
        set(&mut policies.due_window_minutes, self.due_window_minutes);
        set(&mut policies.default_length_minutes, self.default_length_minutes);
        set(&mut policies.slot_step_minutes, self.slot_step_minutes);
        set(&mut policies.no_show_fee_minor, self.no_show_fee_minor);
        set(&mut policies.reminders, self.reminders.clone());
        set(&mut policies.sender_name, self.sender_name.clone());
        set(&mut policies.buffer_before_minutes, self.buffer_before_minutes);
        set(&mut policies.buffer_after_minutes, self.buffer_after_minutes);
    }
}

impl Record for Practice {
    type Id = ();
    type View = PracticeView;

    const WHAT: &'static str = "practice";

    fn key(practice: PracticeId, (): ()) -> Key {
        key::practice(practice)
    }

    fn view(&self, revision: u32) -> PracticeView {
        PracticeView {
            id: self.id,
            revision,
            name: self.name.clone(),
            slug: self.slug.clone(),
            time_zone: self.zone.clone(),
            currency: self.currency,
            policies: PoliciesView::from(&self.policies),
            exceptions: self.exceptions.clone(),
        }
    }
}

impl Desk {
    /// Shows the caller's practice.
    pub async fn show_practice(&self, principal: &Principal) -> Result<PracticeView, Error> {
        self.show_record::<Practice>(principal, ()).await
    }

    /// Changes the caller's practice.
    pub async fn change_practice(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        change: &PracticeChange,
    ) -> Result<Answer, Error> {
        let apply = |practice: &mut Practice| {
            set(&mut practice.name, change.name.clone());
            set(&mut practice.zone, change.zone.clone());
            set(&mut practice.currency, change.currency);
            change.policies.apply(&mut practice.policies);
            set(&mut practice.exceptions, change.exceptions.clone());
        };
        self.change_record(principal, conditions, (), directors_only, apply).await
    }
}
