//! The second half of the story: a standing appointment, from its preview to the end of what is left of it.

use chrono::{Days, NaiveDate};
use reqwest::StatusCode;
use serde_json::{Value, json};

use crate::{
    Stopped,
    api::text,
    bookings::{date_of, workday_after},
    story::{GUARDIAN, Story},
    tell::{self, instant},
};

/// When a standing appointment may be: the first of these that is free every week.
const TIMES: [&str; 8] = ["12:00", "16:30", "08:00", "13:00", "17:00", "10:00", "14:30", "11:00"];

const RULE: &str = "FREQ=WEEKLY;COUNT=8";

impl Story<'_> {
    /// Sam comes every week, but for a time that Eve has.
    pub(crate) async fn standing(&mut self, client: &Value) -> Result<(), Stopped> {
        let wish = self.preview(client).await?;
        let series = self.book_series(&wish).await?;
        self.move_one(&series).await?;
        let parted = self.move_following(&series).await?;
        self.end(&parted).await
    }

    async fn preview(&mut self, client: &Value) -> Result<Value, Stopped> {
        self.teller.step("A standing appointment, previewed: Eve has the time in the third week")?;
        let first = self.workday_in(7).await?;
        let wish = self.free_every_week(client, first).await?;
        let third = first.checked_add_days(Days::new(14)).unwrap_or(first);
        let time = text(&wish, "local_start").split_once('T').unwrap_or_default().1;
        let mut eves = self.wish(&self.eve().await?, third, time);
        eves["invite"] = json!({"send": false});
        self.api.post("/v1/sessions", &eves).await?.answered(StatusCode::CREATED)?;
        let preview = self.api.post("/v1/series/preview", &wish).await?.answered(StatusCode::OK)?;
        tell::fact("rule", &format!("{}: {}", text(&preview, "rule"), text(&preview, "sentence")))?;
        for occurrence in preview["occurrences"].as_array().into_iter().flatten() {
            let conflicts = occurrence["conflicts"].as_array().into_iter().flatten();
            let against: Vec<&str> =
                std::iter::once(text(occurrence, "note")).chain(conflicts.map(|conflict| text(conflict, "message"))).collect();
            tell::fact("", &format!("{} {}", text(occurrence, "local_start").replace('T', " at "), against.join(" ")))?;
        }
        if preview["blocked"] != 1 {
            return Err(Stopped(format!("{} weeks are taken, and one was meant to be.", preview["blocked"])));
        }
        Ok(wish)
    }

    /// The wish for a session each week at a time that nobody has, unless the whole calendar is full.
    async fn free_every_week(&self, client: &Value, first: NaiveDate) -> Result<Value, Stopped> {
        for time in TIMES {
            let mut wish = self.wish(client, first, time);
            wish["recurrence"] = json!({"rule": RULE});
            let preview = self.api.post("/v1/series/preview", &wish).await?.answered(StatusCode::OK)?;
            if preview["blocked"] == 0 {
                return Ok(wish);
            }
        }
        Err(Stopped(format!("no time is free every week from {first} on.")))
    }

    async fn book_series(&mut self, wish: &Value) -> Result<Value, Stopped> {
        self.teller.step("Book it, and skip what is taken: one invitation for all of it")?;
        let stopped = self.api.post("/v1/series", wish).await?;
        tell::say("Unless asked to skip or keep, what is taken stops it all:")?;
        tell::refusal(&stopped)?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let mut skipping = wish.clone();
        skipping["recurrence"]["on_conflict"] = json!("skip");
        let series = self.api.post("/v1/series", &skipping).await?.answered(StatusCode::CREATED)?;
        let sessions = sessions(&series);
        tell::fact("series", &format!("{}, {} sessions", text(&series, "sentence"), sessions.len()))?;
        for left_out in series["skipped"].as_array().into_iter().flatten() {
            tell::fact(
                "skipped",
                &format!("{}: {}", text(left_out, "local_start").replace('T', " at "), text(left_out, "message")),
            )?;
        }
        self.new_mail(GUARDIAN, before).await?;
        Ok(series)
    }

    async fn move_one(&mut self, series: &Value) -> Result<(), Stopped> {
        self.teller.step("Move the second session alone: the others in Gil's calendar stay")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let second = nth(series, 2)?;
        let wish = json!({"local_start": format!("{}T15:30", workday_after(date_of(second)?)?), "reason": "Sam has a school trip"});
        let moved = self.book(&format!("/v1/sessions/{}/reschedule", text(second, "session_id")), wish).await?;
        tell::session(&moved)?;
        self.new_mail(GUARDIAN, before).await
    }

    async fn move_following(&mut self, series: &Value) -> Result<Value, Stopped> {
        self.teller.step("From the fifth on, another weekday: the series ends earlier, and another one goes on")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let fifth = nth(series, 5)?;
        let time = text(fifth, "local_start").split_once('T').unwrap_or_default().1;
        let wish = json!({
            "local_start": format!("{}T{time}", workday_after(date_of(fifth)?)?),
            "scope": "this_and_following",
            "on_conflict": "skip",
        });
        let path = format!("/v1/sessions/{}/reschedule", text(fifth, "session_id"));
        let parted = self.api.post(&path, &wish).await?.answered(StatusCode::OK)?;
        let ended = self.api.get(&format!("/v1/series/{}", text(series, "id"))).await?;
        for series in [&ended, &parted] {
            tell::fact("series", &format!("{}, {} sessions", text(series, "sentence"), sessions(series).len()))?;
        }
        self.new_mail(GUARDIAN, before).await?;
        Ok(parted)
    }

    async fn end(&mut self, parted: &Value) -> Result<(), Stopped> {
        self.teller.step("Cancel the rest, from the second session of that one on")?;
        let before = self.api.mail_to(GUARDIAN).await?.len();
        let second = nth(parted, 2)?;
        let path = format!("/v1/sessions/{}/cancel", text(second, "session_id"));
        let wish = json!({"scope": "this_and_following", "reason": "Sam is well"});
        let ended = self.api.post(&path, &wish).await?.answered(StatusCode::OK)?;
        let all = sessions(&ended);
        let cancelled = all.iter().filter(|session| text(session, "status") == "cancelled").count();
        tell::fact("series", &format!("{}: {cancelled} of {} sessions are cancelled", text(&ended, "sentence"), all.len()))?;
        if let Some(left) = all.iter().rfind(|session| text(session, "status") != "cancelled") {
            tell::fact("", &format!("the last is {}", instant(text(left, "starts_at"))))?;
        }
        self.new_mail(GUARDIAN, before).await
    }
}

fn sessions(series: &Value) -> Vec<&Value> {
    series["sessions"].as_array().into_iter().flatten().collect()
}

/// The nth session of a series, from 1.
fn nth(series: &Value, n: usize) -> Result<&Value, Stopped> {
    series["sessions"].get(n - 1).ok_or_else(|| Stopped(format!("the series has no session {n}.")))
}
