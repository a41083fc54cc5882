use aws_smithy_types::base64;
use hourkeep_app::port::{Envelope, MailKind, MailRefused, Mailer as _};
use hourkeep_domain::{
    ids::{PracticeId, RecipientId, SessionId},
    text::Email,
};
use hourkeep_mail::Mail;
use serde_json::json;

use super::wire::{Answer, OK, Wire, error};
use crate::{log::chain, ses::SesMailer};

fn mail() -> Mail {
    Mail {
        from: Email::parse("harbour-clinic@mail.hourkeep.test").unwrap(),
        to: Email::parse("sam@example.com").unwrap(),
        subject: "Your session".to_owned(),
        text: "text".to_owned(),
        html: "<p>html</p>".to_owned(),
        calendar: None,
        message_id: "m@mail.hourkeep.test".to_owned(),
        raw: b"From: x\r\nTo: y\r\n\r\n.\r\n\xF0\x9F\x97\x93 \x00\xFF trailing \r\n".to_vec(),
    }
}

fn envelope() -> Envelope {
    Envelope {
        kind: MailKind::Update,
        practice: PracticeId::from_bits(1),
        subject: SessionId::from_bits(2).into(),
        recipient: RecipientId::from_bits(3),
        tenant: Some("prc_1".to_owned()),
    }
}

async fn send(wire: &Wire) -> Result<(), MailRefused> {
    SesMailer::new(wire.amazon().ses(), "hourkeep-mail").send(&envelope(), &mail()).await
}

#[tokio::test]
async fn a_mail_goes_out_byte_for_byte_to_one_recipient() {
    let wire = Wire::answering([OK]);
    send(&wire).await.unwrap();
    let [sent] = &wire.sent()[..] else { panic!("one request") };
    assert_eq!((sent.method.as_str(), sent.path.as_str()), ("POST", "/v2/email/outbound-emails"));
    assert_eq!(
        sent.body,
        json!({
            "FromEmailAddress": "harbour-clinic@mail.hourkeep.test",
            "Destination": { "ToAddresses": ["sam@example.com"] },
            "ConfigurationSetName": "hourkeep-mail",
            "EmailTags": [
                { "Name": "kind", "Value": "update" },
                { "Name": "practice", "Value": "prc_00000000000000000000000001" },
                { "Name": "session", "Value": "ses_00000000000000000000000002" },
                { "Name": "recipient", "Value": "rcp_00000000000000000000000003" },
            ],
            "TenantName": "prc_1",
            "Content": { "Raw": { "Data": base64::encode(mail().raw) } },
        })
    );
}

#[tokio::test]
async fn what_never_can_be_sent_is_refused_for_good_without_naming_anyone() {
    for (code, body) in [
        ("MessageRejected", r#"{"message": "Address sam@example.com is on the suppression list"}"#),
        ("BadRequestException", r#"{"message": "Illegal address: sam@example.com"}"#),
    ] {
        let refused = send(&Wire::answering([error(400, code, body)])).await.unwrap_err();
        let MailRefused::ForGood(why) = refused else { panic!("{refused:?}") };
        assert_eq!(why, format!("{code} (request request-1)"));
    }
}

#[tokio::test]
async fn what_the_operator_can_mend_is_kept_and_names_nobody() {
    for (code, body) in [
        ("MessageRejected", r#"{"message": "Email address is not verified: harbour-clinic@mail.hourkeep.test"}"#),
        ("MailFromDomainNotVerifiedException", r#"{"message": "mail.hourkeep.test"}"#),
        ("AccountSuspendedException", "{}"),
        ("SendingPausedException", "{}"),
        ("NotFoundException", r#"{"message": "Configuration set <hourkeep-mail> does not exist."}"#),
        ("AccessDeniedException", r#"{"message": "not authorized to send as harbour-clinic@mail.hourkeep.test"}"#),
    ] {
        let refused = send(&Wire::answering([error(400, code, body)])).await.unwrap_err();
        assert!(matches!(refused, MailRefused::ForNow(_)), "{refused:?}");
        assert_eq!(chain(&refused), format!("SES failed: {code} (request request-1)"));
        assert!(!format!("{refused:?}").contains('@'), "{refused:?}");
    }
}

#[tokio::test]
async fn a_refusal_for_the_rate_is_repeated_at_once() {
    let wire = Wire::answering([error(429, "TooManyRequestsException", r#"{"message": "Maximum sending rate exceeded."}"#), OK]);
    send(&wire).await.unwrap();
    assert_eq!(wire.sent().len(), 2);
}

/// SES would take the repetition for another mail.
#[tokio::test]
async fn a_mail_that_may_have_been_accepted_is_not_repeated_here() {
    for answer in [Answer::Lost, error(500, "InternalFailure", "{}"), error(503, "ServiceUnavailable", "{}")] {
        let wire = Wire::answering([answer]);
        let refused = send(&wire).await.unwrap_err();
        assert!(matches!(refused, MailRefused::ForNow(_)), "{refused:?}");
        assert_eq!(wire.sent().len(), 1);
    }
}
