//! The mailbox simulator of SES: addresses whose mail comes back, or is reported as unwanted
//! (<https://docs.aws.amazon.com/ses/latest/dg/send-an-email-from-console.html>).

use chrono::{DateTime, SecondsFormat, Utc};
use hourkeep_app::port::Envelope;
use hourkeep_mail::Mail;
use serde_json::{Value, json};

const DOMAIN: &str = "@simulator.amazonses.com";

/// The event by which EventBridge would hand on what became of a mail, if it is to one of these addresses, with or
/// without a label (`bounce+mia@`). Mail to `success@`, and to everyone else, arrives.
pub(crate) fn event(envelope: &Envelope, mail: &Mail, sent_at: DateTime<Utc>) -> Option<Value> {
    let to = mail.to.folded();
    let local = to.strip_suffix(DOMAIN)?;
    let scenario = local.split_once('+').map_or(local, |(scenario, _label)| scenario);
    let (at, time) = (sent_at.to_rfc3339_opts(SecondsFormat::Millis, true), sent_at.to_rfc3339_opts(SecondsFormat::Secs, true));
    let bounce = |bounce_type: &str, sub_type: &str| {
        let recipients = json!([{"emailAddress": mail.to, "action": "failed"}]);
        let bounce =
            json!({"bounceType": bounce_type, "bounceSubType": sub_type, "bouncedRecipients": recipients, "timestamp": at});
        ("Email Bounced", "Bounce", "bounce", bounce)
    };
    let (detail_type, event_type, name, what) = match scenario {
        "bounce" => bounce("Permanent", "General"),
        "suppressionlist" => bounce("Permanent", "Suppressed"),
        "ooto" => bounce("Transient", "General"),
        "complaint" => {
            let recipients = json!([{"emailAddress": mail.to}]);
            let complaint = json!({"complainedRecipients": recipients, "complaintFeedbackType": "abuse", "timestamp": at});
            ("Email Complaint Received", "Complaint", "complaint", complaint)
        }
        _arrives => return None,
    };
    let tags = json!({
        "ses:configuration-set": ["local"],
        "kind": [envelope.kind.name()],
        "practice": [envelope.practice],
        "session": [envelope.subject.to_string()],
        "recipient": [envelope.recipient],
    });
    Some(json!({
        "version": "0",
        "id": format!("{:032x}", rand::random::<u128>()),
        "detail-type": detail_type,
        "source": "aws.ses",
        "time": time,
        "resources": [],
        "detail": {"eventType": event_type, "mail": {"timestamp": at, "destination": [mail.to], "tags": tags}, name: what},
    }))
}
