//! Send invites for a session, at once or later (P4–P6), and take back those of recipients who are removed.

use super::{Deciding, Decision, Invitation, OfClients, Scheduled, Session, Status, WithoutClients};
use crate::{
    event::{Change, Effect, Event},
    ids::{ContactId, Subject},
    people::Client,
    practice::Practice,
    recipient::{Recipient, Recipients},
    text::{Email, Name},
};

/// One recipient, as chosen.
#[derive(Clone, Debug)]
pub enum RecipientChoice {
    /// One of the client's contacts.
    Contact(ContactId),
    /// Someone for this session alone.
    Address {
        /// Their name.
        name: Option<Name>,
        /// Their address.
        email: Email,
    },
}

/// The wish that these, and nobody else, be invited.
#[derive(Clone, Debug)]
pub struct Invite {
    /// Who; whoever is on record if nobody is named.
    pub recipients: Option<Vec<RecipientChoice>>,
}

/// Why invites are not sent.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InviteRefused {
    /// There is nobody to invite.
    #[error(transparent)]
    WithoutClients(#[from] WithoutClients),
    /// Invites are on and there is nobody to send them to.
    #[error(
        "Invites need at least one recipient. Name one, add a guardian or primary contact with an email address, or switch invites off."
    )]
    NoRecipient,
    /// More than twenty.
    #[error("A session has at most 20 recipients.")]
    TooManyRecipients,
    /// None of the clients has such a contact.
    #[error("The client has no contact {0}.")]
    UnknownContact(ContactId),
    /// The contact cannot be mailed.
    #[error("The contact {0} has no email address. Add one by editing the client.")]
    ContactWithoutEmail(ContactId),
    /// The session no longer is Scheduled.
    #[error("Invites can be sent while a session is scheduled; this one is {0}.")]
    NotScheduled(Status),
    /// Everyone named is invited already, and nobody else.
    #[error("Exactly these recipients are invited already.")]
    NothingToDo,
}

/// The recipients that were chosen, or those on record.
pub fn choose_recipients(
    subject: Subject,
    named: Option<&[RecipientChoice]>,
    clients: &[Client],
) -> Result<Recipients, InviteRefused> {
    let chosen: Vec<Recipient> = match named {
        None => clients.iter().filter_map(|client| on_record(subject, client)).collect(),
        Some(named) if named.len() > 20 => return Err(InviteRefused::TooManyRecipients),
        Some(named) => named.iter().map(|choice| choose(subject, choice, clients)).collect::<Result<_, _>>()?,
    };
    Recipients::new(chosen).ok_or(InviteRefused::NoRecipient)
}

/// Whom invites, reminders and notices for a client go to unless someone says otherwise (P5).
pub fn on_record(subject: Subject, client: &Client) -> Option<Recipient> {
    let (contact, email) = client.contact_of_record()?;
    Some(Recipient::new(subject, Some(contact.name.clone()), email.clone(), client.zone.clone()))
}

fn choose(subject: Subject, choice: &RecipientChoice, clients: &[Client]) -> Result<Recipient, InviteRefused> {
    match choice {
        RecipientChoice::Contact(id) => {
            let found =
                clients.iter().find_map(|client| client.contacts.iter().find(|c| c.id == *id).map(|contact| (client, contact)));
            let (client, contact) = found.ok_or(InviteRefused::UnknownContact(*id))?;
            let email = contact.email.clone().ok_or(InviteRefused::ContactWithoutEmail(*id))?;
            Ok(Recipient::new(subject, Some(contact.name.clone()), email, client.zone.clone()))
        }
        RecipientChoice::Address { name, email } => {
            let known = clients
                .iter()
                .find(|client| client.contacts.iter().any(|c| c.email.as_ref().is_some_and(|e| e.folded() == email.folded())));
            Ok(Recipient::new(subject, name.clone(), email.clone(), known.and_then(|client| client.zone.clone())))
        }
    }
}

impl Invite {
    /// Decides.
    pub fn decide(
        self,
        session: Scheduled,
        practice: &Practice,
        clients: &[Client],
        deciding: Deciding<'_>,
    ) -> Result<Decision, InviteRefused> {
        WithoutClients::unless(session.details.is_without_clients(), OfClients::Invites)?;
        let status = session.status(&practice.policies, deciding.now);
        if status != Status::Scheduled {
            return Err(InviteRefused::NotScheduled(status));
        }
        let Scheduled { mut details, attendance } = session;
        let recipients = choose_recipients(details.addressed_as(), self.recipients.as_deref(), clients)?;
        let removed: Vec<Recipient> = details.invitation.recipients().filter(|r| recipients.get(r.id).is_none()).cloned().collect();
        let held: Vec<_> = details.invitation.recipients().map(|r| r.id).collect();
        let added = recipients.iter().filter(|r| !held.contains(&r.id)).count();
        if added == 0 && removed.is_empty() {
            return Err(InviteRefused::NothingToDo);
        }
        details.touch(deciding);
        // Who is removed gets a CANCEL, and who comes back must get something newer than that CANCEL.
        let returns = recipients.iter().any(|r| details.withdrawn.iter().any(|w| w.id == r.id));
        if !removed.is_empty() || returns {
            details.raise_sequence(deciding.now);
        }
        details.withdrawn.retain(|w| recipients.get(w.id).is_none());
        let sequence = details.sequence;
        let mut effects: Vec<Effect> =
            recipients.iter().filter(|r| !held.contains(&r.id)).map(|r| Effect::Invite { recipient: r.id, sequence }).collect();
        effects.extend(removed.iter().map(|r| Effect::Cancel { recipient: r.id, sequence }));
        let change = Change::Invited { added, removed: removed.len() };
        details.withdrawn.extend(removed);
        details.invitation = Invitation::Sent { recipients };
        let event = Event::new(&details, deciding, change, None, effects);
        Ok(Decision { session: Session::Scheduled(Scheduled { details, attendance }), diaries: Vec::new(), event })
    }
}
