//! Mail: SES, which gets the message as it is.

use async_trait::async_trait;
use aws_sdk_sesv2::{
    Client,
    config::{
        interceptors::InterceptorContext,
        retry::{ClassifyRetry, RetryAction},
    },
    error::{ProvideErrorMetadata as _, SdkError},
    operation::{RequestId as _, send_email::SendEmailError},
    primitives::Blob,
    types::{Destination, EmailContent, MessageTag, RawMessage},
};
use hourkeep_app::port::{Envelope, MailRefused, Mailer, PortError};
use hourkeep_mail::Mail;

use crate::failed;

const PORT: &str = "SES";

/// Sends through one configuration set.
#[derive(Clone, Debug)]
pub struct SesMailer {
    client: Client,
    configuration_set: String,
}

impl SesMailer {
    /// A mailer.
    pub fn new(client: Client, configuration_set: impl Into<String>) -> Self {
        Self { client, configuration_set: configuration_set.into() }
    }
}

#[async_trait]
impl Mailer for SesMailer {
    async fn send(&self, envelope: &Envelope, mail: &Mail) -> Result<(), MailRefused> {
        let raw = RawMessage::builder().data(Blob::new(mail.raw.clone())).build().map_err(failed(PORT))?;
        // Tags come back with a bounce: what mail it was, and nothing about anyone.
        let tag = |(name, value): (&str, String)| MessageTag::builder().name(name).value(value).build().map_err(failed(PORT));
        let tags = tags(envelope).map(tag).into_iter().collect::<Result<Vec<_>, _>>()?;
        let sent = self
            .client
            .send_email()
            .from_email_address(mail.from.as_str())
            .destination(Destination::builder().to_addresses(mail.to.as_str()).build())
            .configuration_set_name(&self.configuration_set)
            .set_email_tags(Some(tags))
            .set_tenant_name(envelope.tenant.clone())
            .content(EmailContent::builder().raw(raw).build())
            .send()
            .await;
        sent.map(|_| ()).map_err(refused)
    }
}

/// The names of a mail's tags, as a bounce brings them back.
pub(crate) const TAGS: [&str; 4] = ["kind", "practice", "session", "recipient"];

fn tags(envelope: &Envelope) -> [(&'static str, String); 4] {
    let Envelope { kind, practice, subject, recipient, tenant: _ } = envelope;
    let [kind_tag, practice_tag, session_tag, recipient_tag] = TAGS;
    [
        (kind_tag, kind.name().to_owned()),
        (practice_tag, practice.to_string()),
        (session_tag, subject.to_string()),
        (recipient_tag, recipient.to_string()),
    ]
}

/// What SES answered, without its words: they repeat addresses.
#[derive(Debug, thiserror::Error)]
#[error("{code} (request {request})")]
struct Refusal {
    code: String,
    request: String,
}

fn refused(error: SdkError<SendEmailError>) -> MailRefused {
    let Some(answer) = error.as_service_error() else { return failed(PORT)(error).into() };
    let refusal = Refusal {
        code: answer.code().unwrap_or("an unknown error").to_owned(),
        request: answer.request_id().unwrap_or("unknown").to_owned(),
    };
    // The same code says that an identity of ours is not verified, which is the operator's to mend and no reason to
    // drop anyone's mail.
    let ours = answer.message().is_some_and(|text| text.contains("not verified"));
    if answer.is_bad_request_exception() || (answer.is_message_rejected() && !ours) {
        MailRefused::ForGood(refusal.to_string())
    } else {
        MailRefused::ForNow(PortError { port: PORT, source: Box::new(refusal) })
    }
}

/// Repeats what SES refused for its rate, and nothing else: it knows no token by which it would recognise a repetition,
/// and a message whose answer was lost may have been accepted. The job comes back by its queue.
#[derive(Debug)]
pub(crate) struct OnlyRefused;

impl ClassifyRetry for OnlyRefused {
    fn classify_retry(&self, context: &InterceptorContext) -> RetryAction {
        let refused = context.response().is_some_and(|response| (400..500).contains(&response.status().as_u16()));
        if refused { RetryAction::NoActionIndicated } else { RetryAction::RetryForbidden }
    }

    fn name(&self) -> &'static str {
        "only what SES refused"
    }
}
