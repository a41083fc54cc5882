//! Every kind of mail as a person reads it.

use super::*;
use crate::Mail;

pub(super) fn shown(mail: &Mail) -> String {
    let calendar = mail.calendar.as_ref().map_or_else(|| "(no calendar part)\n".to_owned(), |part| part.ics.replace("\r\n", "\n"));
    format!("Subject: {}\n\n{}\n=== calendar ===\n{calendar}", mail.subject, mail.text)
}

#[test]
fn each_kind_in_one_zone() {
    for (called, kind) in kinds() {
        let mail = letter(kind).compose(Some(&manage_link()));
        insta::assert_snapshot!(format!("one_zone__{called}"), shown(&mail));
    }
}

#[test]
fn each_kind_in_two_zones() {
    for (called, kind) in kinds() {
        let mail = full(kind).compose(Some(&manage_link()));
        insta::assert_snapshot!(format!("two_zones__{called}"), shown(&mail));
        insta::assert_snapshot!(format!("html__{called}"), mail.html);
    }
}

#[test]
fn each_kind_on_another_day() {
    for (called, kind) in kinds() {
        let auckland = Letter { recipient_zone: Some(zone("Pacific/Auckland")), ..full(kind) };
        insta::assert_snapshot!(format!("other_day__{called}"), shown(&auckland.compose(None)));
    }
}

#[test]
fn the_whole_message() {
    let raw = letter(Kind::Invite).compose(Some(&manage_link())).raw;
    insta::assert_snapshot!("whole_message", String::from_utf8(raw).unwrap().replace("\r\n", "\n"));
}

#[test]
fn a_letter_to_someone_without_a_name_or_a_practitioner_to_answer() {
    let bare = Letter { to_name: None, reply_to: None, place: None, ..letter(Kind::Invite) };
    insta::assert_snapshot!("bare", shown(&bare.compose(None)));
}
