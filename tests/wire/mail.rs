//! Mail.

use hourkeep_app::port::{Envelope, MailKind, MailRefused, Mailer as _};
use hourkeep_aws::ses::SesMailer;
use hourkeep_domain::{
    ids::{PracticeId, RecipientId, SessionId},
    text::Email,
};
use hourkeep_mail::Mail;
use serde_json::json;

use crate::account::Account;

const RAW: &str = "From: Harbour Clinic <harbour-clinic@mail.hourkeep.test>\r\nTo: sam@example.com\r\nSubject: =?utf-8?q?A?=\r\n\r\n\
    .\r\n..dots, a lone \r, a lone \n, \u{1f4c5} and \t blanks at the end \r\n\r\n";

fn mail() -> Mail {
    Mail {
        from: Email::parse("harbour-clinic@mail.hourkeep.test").unwrap(),
        to: Email::parse("sam@example.com").unwrap(),
        subject: "A".to_owned(),
        text: "text".to_owned(),
        html: "<p>html</p>".to_owned(),
        calendar: None,
        message_id: "m@mail.hourkeep.test".to_owned(),
        raw: RAW.as_bytes().to_vec(),
    }
}

#[tokio::test]
async fn a_mail_reaches_ses_byte_for_byte_from_a_verified_domain_alone() {
    let account = Account::open();
    let mailer = SesMailer::new(account.amazon().ses(), "hourkeep-mail");
    let envelope = Envelope {
        kind: MailKind::Update,
        practice: PracticeId::from_bits(1),
        subject: SessionId::from_bits(2).into(),
        recipient: RecipientId::from_bits(3),
        tenant: Some("prc_1".to_owned()),
    };

    // moto words it otherwise than Amazon's "not verified", so it counts as a message that is refused; and nobody is named.
    let refused = mailer.send(&envelope, &mail()).await.unwrap_err();
    let MailRefused::ForGood(why) = &refused else { panic!("{refused:?}") };
    assert!(why.starts_with("MessageRejected (request "), "{why}");
    assert!(!why.contains('@'), "{why}");
    assert_eq!(account.log.take().requests(), 1, "what is refused is not sent again");

    account.verify("mail.hourkeep.test").await;
    let _the_identity = account.log.take();
    mailer.send(&envelope, &mail()).await.unwrap();
    let [taken] = &account.mails().await[..] else { panic!("one mail") };
    assert_eq!(taken["raw_data"], RAW);
    assert_eq!(taken["source"], "harbour-clinic@mail.hourkeep.test");
    // The one that it was sent to; the other is read from the header by moto.
    assert_eq!(taken["destinations"], json!(["sam@example.com", "sam@example.com"]));

    // moto forgets these.
    let sent = &account.log.take().0[0].request;
    assert_eq!(sent["ConfigurationSetName"], "hourkeep-mail");
    assert_eq!(sent["TenantName"], "prc_1");
    assert_eq!(
        sent["EmailTags"],
        json!([
            { "Name": "kind", "Value": "update" },
            { "Name": "practice", "Value": envelope.practice },
            { "Name": "session", "Value": envelope.subject.to_string() },
            { "Name": "recipient", "Value": envelope.recipient },
        ])
    );
}
