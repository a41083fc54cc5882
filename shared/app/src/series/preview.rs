//! What a series would be, before it is booked (B4).

use chrono::{DateTime, Duration, NaiveDateTime, Utc};
use hourkeep_domain::{
    ids::{SeriesId, SessionId},
    people::Practitioner,
    recurrence::{Occurrence, Rule},
    series::{AHEAD, Conflict, Foreseen, Foresight, Series, Timing, fitting},
    session::{Clash, ScheduleRefused, bookable},
    sheet::days_around,
    slot::{Wall, offset_text},
};
use hourkeep_store::{Range, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::SeriesRequest;
use crate::{
    caller::{Principal, enter},
    desk::Desk,
    error::Error,
    sessions::{
        ClientSession, Seeker, diaries,
        schedule::{Named, keys_of, service, wish},
    },
    view::ClashView,
};

/// A series as it would be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeriesPreview)]
pub struct PreviewView {
    /// When it would be, in words.
    #[schema(example = "every other Tuesday at 9:00, until 30 June 2027")]
    pub sentence: String,
    /// The same as a rule, in its one form.
    #[schema(example = "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU;UNTIL=20270630")]
    pub rule: String,
    /// IANA time zone of the wall times.
    #[schema(example = "America/Vancouver")]
    pub time_zone: String,
    /// Length of each session in minutes.
    pub length_minutes: u16,
    /// Every occurrence that would be booked now: 53 weeks ahead. Later ones are booked as time goes by.
    pub occurrences: Vec<ForeseenView>,
    /// How many of them have a conflict that blocks.
    pub blocked: usize,
    /// Wall-clock start of the last session by the rule; none if it never ends.
    pub last_local_start: Option<String>,
}

/// An occurrence as it would be.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ForeseenOccurrence)]
pub struct ForeseenView {
    /// Its wall-clock start.
    #[schema(example = "2026-12-01T09:00")]
    pub local_start: String,
    /// Start, UTC; none if that wall time does not exist on that day.
    pub starts_at: Option<DateTime<Utc>>,
    /// End, UTC; none likewise.
    pub ends_at: Option<DateTime<Utc>>,
    /// What speaks against it.
    pub conflicts: Vec<ConflictView>,
    /// What the clocks do to it, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What speaks against an occurrence.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = SeriesConflict)]
pub struct ConflictView {
    /// `practitioner`, `room`, `closed_hours` or `client_elsewhere`.
    #[serde(rename = "type")]
    #[schema(example = "practitioner")]
    pub kind: &'static str,
    /// Whether it is skipped, kept or stops all, as `on_conflict` says. What does not block is booked all the same, unless
    /// it is named to be skipped.
    pub blocks: bool,
    /// What it is, in words.
    pub message: &'static str,
    /// What is there, as far as the caller may see it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub clash: Option<ClashView>,
}

/// A rule that the form offers.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RecurrencePreset)]
pub struct PresetView {
    /// The rule.
    #[schema(example = "FREQ=WEEKLY;BYDAY=TU")]
    pub rule: String,
    /// The same in words.
    #[schema(example = "every Tuesday at 9:00")]
    pub sentence: String,
}

impl PresetView {
    /// What is offered for a first start: daily, weekly, monthly and the like (S7).
    pub fn all(first: NaiveDateTime) -> Vec<Self> {
        let preset = |rule: Rule| Self { rule: rule.to_string(), sentence: rule.sentence(first) };
        Rule::presets(first).into_iter().map(preset).collect()
    }
}

impl Desk {
    /// Foresees a series: every occurrence until the horizon, with what speaks against it. Two rounds of reads.
    pub async fn preview_series(&self, principal: &Principal, request: &SeriesRequest) -> Result<PreviewView, Error> {
        let now = self.clock.now();
        let (member, batch) = enter(&self.table, principal, |practice| keys_of(&request.session, practice)).await?;
        let named = Named::of(&request.session, &member, &batch)?;
        let (practice, clients, resources) = (named.practice.clone(), named.clients.clone(), named.resources());
        let (practitioner, usual) = (named.practitioner, named.usual_service(&request.session));
        // A zone that is not named is the practitioner's: then days are looked at whatever the zone.
        let from = days_around(request.session.local_start.date()).0;
        let until = (now.naive_utc().max(request.session.local_start) + AHEAD + Duration::days(5)).date();
        let ids = request.session.clients.clone();
        let (record, usual, diaries, elsewhere) = tokio::try_join!(
            async { Ok::<_, Error>(self.table.get::<Practitioner>(&key::practitioner(practice.id, practitioner)).await?) },
            service(&self.table, practice.id, usual),
            diaries(&self.table, practice.id, &resources, from, until),
            async {
                let mut sessions = Vec::new();
                for client in &ids {
                    let bound = |day: chrono::NaiveDate| format!("SESSION#{day}");
                    let range = Range::Between(bound(from), bound(until));
                    let page =
                        self.table.query::<ClientSession>(&key::client_partition(practice.id, *client), &range, None, None).await?;
                    sessions.extend(page.items.into_iter().map(|(_, stored)| stored.body).filter(|session| session.stands));
                }
                Ok(sessions)
            },
        )?;
        let record = record.map(|stored| stored.body);
        let wish = wish(&request.session, practitioner);
        let terms = wish.terms(SeriesId::from_bits(0).into(), &named.facts(record.clone(), usual, Vec::new()))?;
        let first = request.session.local_start;
        let rule = fitting(&request.rule, first)?;
        let timing = Timing { rule, first, zone: terms.zone.clone(), length: terms.length };
        bookable(first, &timing.zone, timing.length, None, now).map_err(ScheduleRefused::from)?;
        let elsewhere: Vec<_> = elsewhere.iter().map(|s| (s.session, s.starts_at, s.ends_at)).collect();
        let foresight = Foresight {
            diaries: &diaries,
            hours: record.as_ref().map(|p| p.hours(&practice)),
            elsewhere: &elsewhere,
            availability: terms.template.availability,
            policies: &practice.policies,
        };
        let foreseen = foresight.of(&timing, Series::horizon(&timing, now)).map_err(|error| Error::Internal(error.into()))?;
        let seeker = Seeker { desk: self, member: &member, practice: &practice, session: SessionId::from_bits(0), now };
        let clash = |clash: &Clash| seeker.clash(clash, &timing.zone, &clients);
        let occurrences: Vec<ForeseenView> = foreseen.iter().map(|one| ForeseenView::new(one, &timing, clash)).collect();
        Ok(PreviewView {
            sentence: timing.sentence(),
            rule: timing.rule.to_string(),
            time_zone: timing.zone.name().to_owned(),
            length_minutes: timing.length.get(),
            blocked: occurrences.iter().filter(|one| one.conflicts.iter().any(|conflict| conflict.blocks)).count(),
            occurrences,
            last_local_start: timing.last().map(|last| Wall(last.local_start()).to_string()),
        })
    }
}

impl ForeseenView {
    fn new(foreseen: &Foreseen, timing: &Timing, clash: impl Fn(&Clash) -> ClashView) -> Self {
        let (starts_at, ends_at) = match &foreseen.occurrence {
            Occurrence::At(slot) => (Some(slot.starts_at()), Some(slot.ends_at())),
            Occurrence::Gap { .. } => (None, None),
        };
        let local_start = Wall(foreseen.occurrence.local_start()).to_string();
        Self {
            starts_at,
            ends_at,
            conflicts: foreseen.conflicts.iter().map(|conflict| ConflictView::new(conflict, &clash)).collect(),
            note: note(foreseen, timing),
            local_start,
        }
    }
}

impl ConflictView {
    fn new(conflict: &Conflict, clash: impl Fn(&Clash) -> ClashView) -> Self {
        match conflict {
            Conflict::Taken(taken) => {
                let clash = clash(taken);
                let message = if clash.resource == "room" {
                    "The room is taken at that time."
                } else {
                    "The practitioner has another entry at that time."
                };
                Self { kind: clash.resource, blocks: true, message, clash: Some(clash) }
            }
            Conflict::Closed => Self {
                kind: "closed_hours",
                blocks: false,
                message: "The time is outside the practitioner's working hours.",
                clash: None,
            },
            Conflict::ClientElsewhere => Self {
                kind: "client_elsewhere",
                blocks: false,
                message: "The client has another appointment at that time.",
                clash: None,
            },
        }
    }
}

/// What the clocks do to an occurrence.
fn note(foreseen: &Foreseen, timing: &Timing) -> Option<String> {
    if let Occurrence::Gap { next_valid, .. } = &foreseen.occurrence {
        let next = Wall(*next_valid);
        return Some(format!(
            "This time does not exist in {} on that day: the clocks are set forward over it. It is left out and does not count; the next time that exists is {next}.",
            timing.zone
        ));
    }
    if foreseen.comes_twice {
        return Some("This time comes twice on that day, since the clocks are set back; the first is meant.".to_owned());
    }
    let (before, now) = foreseen.clocks_change?;
    Some(format!(
        "The clocks have changed since the occurrence before: UTC{} instead of UTC{}. The time by the clock stays.",
        offset_text(now),
        offset_text(before)
    ))
}
