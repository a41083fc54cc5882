//! A mail as its recipient reads it, shown to staff.

use hourkeep_domain::{
    ids::{RecipientId, SessionId},
    lane::{Due, Lane, Posting},
    people::Practitioner,
    series::Series,
};
use hourkeep_mail::Letter;
use hourkeep_store::key;
use serde::Serialize;
use utoipa::ToSchema;

use super::letter::{Desk as WritingDesk, Whereabouts};
use crate::{
    caller::Principal,
    desk::Desk,
    error::Error,
    sessions::{Opened, check_visible, client_keys, clients_of},
};

/// Which mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichMail {
    /// The invitation, with all that the session says now.
    Invite,
    /// The first of its reminders.
    Reminder,
    /// That it is cancelled.
    Cancellation,
}

/// A mail in words.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = MailPreview)]
pub struct MailView {
    /// Whose name it comes from.
    pub from_name: String,
    /// To whom.
    pub to: String,
    /// Its subject.
    pub subject: String,
    /// What it says, as plain text. The link by which the recipient manages the session is theirs alone and left out.
    pub text: String,
    /// Whether a calendar entry comes with it.
    pub has_calendar_entry: bool,
}

impl Desk {
    /// A mail to someone who is or was mailed about a session, as it would be written now. Nothing is sent.
    pub async fn preview_mail(
        &self,
        principal: &Principal,
        id: SessionId,
        recipient: Option<RecipientId>,
        kind: WhichMail,
    ) -> Result<MailView, Error> {
        let Opened { member, practice, session } = Opened::read(self, principal, id).await?;
        let details = session.details();
        let at = Whereabouts::of(details);
        let first = || details.invitation.recipients().next();
        let recipient = recipient.map_or_else(first, |id| session.recipient(id));
        let lane = recipient.map(|recipient| key::lane(practice.id, id, recipient.id));
        let by = key::practitioner(practice.id, details.practitioner);
        let room = at.room.map(|room| key::room(practice.id, room));
        let location = at.location.map(|location| key::location(practice.id, location));
        let series = details.occurrence.as_ref().map(|occurrence| key::series(practice.id, occurrence.series));
        let keys = client_keys(practice.id, details).into_iter().chain([by.clone()]).chain(lane.clone());
        let batch = self.table.get_many(keys.chain(room).chain(location).chain(series.clone())).await?;
        check_visible(&member, &session, &clients_of(practice.id, details, &batch)?)?;
        let (recipient, lane) = recipient.zip(lane).ok_or(Error::NotFound("recipient"))?;
        let posting = match kind {
            WhichMail::Invite => Posting::Entry { sequence: details.sequence },
            WhichMail::Cancellation => {
                Posting::Cancellation { sequence: details.sequence, calendar: details.invitation.went_out() }
            }
            WhichMail::Reminder => {
                let reminder = details.reminders.iter().next().ok_or(Error::NotFound("reminder"))?;
                Posting::Reminder(Due { reminder, due_at: reminder.due_at(&details.slot) })
            }
        };
        let lane: Lane<Letter> = match kind {
            // As whoever never saw an earlier one reads it.
            WhichMail::Invite => Lane::default(),
            WhichMail::Reminder | WhichMail::Cancellation => batch.body(&lane)?.unwrap_or_default(),
        };
        let series = series.map(|place| batch.body::<Series>(&place)).transpose()?.flatten();
        let desk = WritingDesk {
            practice: &practice,
            practitioner: &batch.body::<Practitioner>(&by)?.ok_or(Error::NotFound("practitioner"))?,
            places: &batch,
            links: &self.links,
            now: self.clock.now(),
        };
        let letter = desk.write(posting, &session, series.as_ref(), (recipient, &lane), None);
        let left_out = match kind {
            WhichMail::Invite | WhichMail::Reminder => Some(self.links.manage_left_out()),
            WhichMail::Cancellation => None,
        };
        let mail = letter.map_err(|error| Error::Internal(error.into()))?.compose(left_out.as_ref());
        Ok(MailView {
            from_name: practice.sender_name().to_string(),
            to: recipient.email.to_string(),
            subject: mail.subject,
            text: mail.text,
            has_calendar_entry: mail.calendar.is_some(),
        })
    }
}
