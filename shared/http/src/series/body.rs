//! The body of a series: that of a session, and when it recurs.

use std::collections::BTreeMap;

use chrono::NaiveDateTime;
use hourkeep_app::series::SeriesRequest;
use hourkeep_domain::series::IfTaken;
use serde::{Deserialize, Deserializer};
use utoipa::{
    PartialSchema, ToSchema,
    openapi::{Ref, RefOr, Schema},
};

use super::first_of_two;
use crate::{
    apart,
    body::{LocalTime, at_most},
    problem::{Kind, Problem},
    sessions::schedule::ScheduleBody,
};

/// How many places something may be said of: more than a year has days.
const DECISIONS: usize = 400;

/// The wish for a series.
#[derive(Debug)]
pub(crate) struct SeriesBody {
    session: ScheduleBody,
    recurrence: RecurrenceBody,
}

/// When a session recurs, and what to do where a time is taken.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct RecurrenceBody {
    /// The rule, as RFC 5545 RRULE text: DAILY, WEEKLY or MONTHLY, with INTERVAL, BYDAY or BYMONTHDAY, and COUNT or UNTIL as a
    /// local date. Days that are left out are those of `local_start`.
    #[schema(example = "FREQ=WEEKLY;COUNT=8")]
    rule: String,
    /// Where a time is taken: `skip` it, `keep` it all the same, or `stop` and book nothing, which is meant if left out.
    #[schema(value_type = Option<String>, example = "stop")]
    on_conflict: Option<IfTaken>,
    /// What to do at these places instead: at most 400.
    #[serde(default)]
    decisions: Vec<DecisionBody>,
}

/// What to do at one place.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(crate) struct DecisionBody {
    /// The wall-clock start that the rule gives.
    #[schema(value_type = String, example = "2026-12-08T09:00")]
    local_start: LocalTime,
    /// `skip` it whether or not it is taken, `keep` it all the same, or `stop` if it is taken.
    #[schema(value_type = String, example = "skip")]
    on_conflict: IfTaken,
}

impl<'de> Deserialize<'de> for SeriesBody {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let (session, recurrence) = apart::read(deserializer, "recurrence")?;
        Ok(Self { session, recurrence })
    }
}

impl PartialSchema for SeriesBody {
    fn schema() -> RefOr<Schema> {
        let mut schema = ScheduleBody::schema();
        if let RefOr::T(Schema::Object(object)) = &mut schema {
            object.description =
                Some("The wish for a series: what its sessions are, when the first is, and when it recurs.".to_owned());
            object.properties.remove("utc_offset");
            let recurrence = Ref::builder().ref_location_from_schema_name(RecurrenceBody::name());
            let recurrence = recurrence.description(Some("When it recurs, and what to do where a time is taken."));
            object.properties.insert("recurrence".to_owned(), recurrence.into());
            object.required.push("recurrence".to_owned());
        }
        schema
    }
}

impl ToSchema for SeriesBody {
    fn schemas(schemas: &mut Vec<(String, RefOr<Schema>)>) {
        ScheduleBody::schemas(schemas);
        schemas.push((RecurrenceBody::name().into_owned(), RecurrenceBody::schema()));
        RecurrenceBody::schemas(schemas);
    }
}

impl SeriesBody {
    /// What it asks for.
    pub(crate) fn request(self) -> Result<SeriesRequest, Problem> {
        first_of_two(self.session.utc_offset)?;
        let RecurrenceBody { rule, on_conflict, decisions } = self.recurrence;
        at_most(&decisions, DECISIONS, "/recurrence/decisions")?;
        let mut at: BTreeMap<NaiveDateTime, IfTaken> = BTreeMap::new();
        for (place, decision) in decisions.into_iter().enumerate() {
            if at.insert(decision.local_start.0, decision.on_conflict).is_some() {
                let twice = Problem::new(Kind::INVALID_FIELD, "local_start is there in an earlier decision: decide once on each.");
                return Err(twice.at(format!("/recurrence/decisions/{place}/local_start")));
            }
        }
        let session = self.session.request()?;
        let on_conflict = on_conflict.unwrap_or(if session.allow_overlap { IfTaken::Keep } else { IfTaken::Stop });
        Ok(SeriesRequest { session, rule, on_conflict, at })
    }
}
