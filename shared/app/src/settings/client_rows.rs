//! Where a client is listed: in the practice's directory and with each practitioner, under both names.

use std::collections::BTreeSet;

use hourkeep_domain::{
    ids::{ClientId, PracticeId, PractitionerId},
    people::{Client, PersonName},
    text::fold,
};
use hourkeep_store::{Item, Key, Transaction, key};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A client in a list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClientRow {
    /// Who.
    pub id: ClientId,
    /// Their name.
    pub name: PersonName,
    /// Whether they still are a client.
    pub active: bool,
    /// Who treats them.
    pub practitioners: Vec<PractitionerId>,
    /// Whether there is a contact of record; not known of what was last written by an older release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub has_contact: Option<bool>,
}

/// A text as it stands in places, which DynamoDB keeps to 1,024 bytes: a few characters fold to many.
pub(super) fn form(text: &str) -> String {
    let mut folded = fold(text);
    folded.truncate(folded.floor_char_boundary(512));
    folded
}

impl ClientRow {
    pub(super) fn of(client: &Client) -> Self {
        Self {
            id: client.id,
            name: client.name.clone(),
            active: client.active,
            practitioners: client.practitioners.clone(),
            has_contact: Some(client.contact_of_record().is_some()),
        }
    }

    /// The forms under which it stands, the one to sort by first.
    fn forms(&self) -> Vec<String> {
        let mut forms: Vec<String> = self.name.folded().iter().map(|name| form(name)).collect();
        forms.dedup();
        forms
    }

    /// Whether, of the places that a search finds, this is the one to show the client at: each client is shown once,
    /// on whichever page.
    pub(super) fn is_shown_at(&self, practice: PracticeId, place: &str, prefix: &str) -> bool {
        let found = self.forms().into_iter().find(|form| form.starts_with(prefix));
        found.is_some_and(|form| key::directory(practice, &form, self.id).sk == place)
    }

    fn places(&self, practice: PracticeId) -> BTreeSet<Key> {
        let of_form = |form: &String| {
            let assigned = self.practitioners.iter().map(|p| key::assigned(practice, *p, form, self.id));
            assigned.chain([key::directory(practice, form, self.id)]).collect::<Vec<_>>()
        };
        self.forms().iter().flat_map(of_form).collect()
    }
}

/// What a change of a client does to its rows. No place is in both, since a transaction may touch each only once.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct RowChanges {
    row: ClientRow,
    writes: BTreeSet<Key>,
    deletes: BTreeSet<Key>,
}

impl RowChanges {
    pub(super) fn between(practice: PracticeId, before: Option<&Client>, after: &Client) -> Self {
        let (old, row) = (before.map(ClientRow::of), ClientRow::of(after));
        let old_places = old.as_ref().map(|old| old.places(practice)).unwrap_or_default();
        let places = row.places(practice);
        let deletes = old_places.difference(&places).cloned().collect();
        let writes = if old.as_ref() == Some(&row) { BTreeSet::new() } else { places };
        Self { row, writes, deletes }
    }

    /// Writes them together with the client.
    pub(super) fn write(self, transaction: &mut Transaction) -> Result<(), Error> {
        for place in self.writes {
            transaction.put(Item::new(place, &self.row)?);
        }
        for place in self.deletes {
            transaction.delete(place);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use hourkeep_domain::{
        ids::ContactId,
        people::{Contact, ContactKind},
        text::{Email, Name},
    };

    use super::*;
    use crate::settings::contacts::PRACTITIONERS;

    const PRACTICE: PracticeId = PracticeId::from_bits(1);

    fn client(first: &str, last: &str, practitioners: impl IntoIterator<Item = u128>) -> Client {
        let name = |text: &str| Name::parse(text).ok();
        Client {
            id: ClientId::from_bits(7),
            name: PersonName::new(name(first), name(last)).unwrap(),
            contacts: Vec::new(),
            practitioners: practitioners.into_iter().map(PractitionerId::from_bits).collect(),
            reminder_channels: Vec::new(),
            zone: None,
            active: true,
        }
    }

    fn places(keys: &BTreeSet<Key>) -> Vec<String> {
        let short = |key: &Key| {
            let partition = key.pk.replace(&PRACTICE.to_string(), "").replace("prt_000000000000000000000000", "");
            format!("{partition}:{}", key.sk.split('#').next().unwrap())
        };
        keys.iter().map(short).collect()
    }

    #[test]
    fn a_new_client_stands_under_both_names_everywhere() {
        let changes = RowChanges::between(PRACTICE, None, &client("Zoë", "Lane", [2]));
        let wanted = ["P##ASSIGNED#02:lane", "P##ASSIGNED#02:zoe", "P##CLIENTS:lane", "P##CLIENTS:zoe"];
        assert_eq!(places(&changes.writes), wanted);
        assert!(changes.deletes.is_empty());
    }

    #[test]
    fn a_client_whose_names_are_alike_stands_once() {
        let changes = RowChanges::between(PRACTICE, None, &client("Lane", "LANE", []));
        assert_eq!(places(&changes.writes), ["P##CLIENTS:lane"]);
    }

    #[test]
    fn a_rename_leaves_nothing_behind() {
        let changes = RowChanges::between(PRACTICE, Some(&client("Zoë", "Lane", [2])), &client("Zoë", "Rivers", [2]));
        assert_eq!(places(&changes.deletes), ["P##ASSIGNED#02:lane", "P##CLIENTS:lane"]);
        let wanted = ["P##ASSIGNED#02:rivers", "P##ASSIGNED#02:zoe", "P##CLIENTS:rivers", "P##CLIENTS:zoe"];
        assert_eq!(places(&changes.writes), wanted);
    }

    #[test]
    fn a_reassignment_renews_all_rows_and_deletes_the_former_practitioners() {
        let changes = RowChanges::between(PRACTICE, Some(&client("", "Lane", [2, 3])), &client("", "Lane", [3, 4]));
        assert_eq!(places(&changes.deletes), ["P##ASSIGNED#02:lane"]);
        assert_eq!(places(&changes.writes), ["P##ASSIGNED#03:lane", "P##ASSIGNED#04:lane", "P##CLIENTS:lane"]);
    }

    #[test]
    fn what_no_list_shows_leaves_the_rows_alone() {
        let before = client("Zoë", "Lane", [2]);
        let after = Client { zone: Some(hourkeep_domain::zone::Zone::UTC), ..before.clone() };
        let changes = RowChanges::between(PRACTICE, Some(&before), &after);
        assert!(changes.writes.is_empty() && changes.deletes.is_empty());
    }

    #[test]
    fn whether_mail_reaches_anyone_is_in_every_row() {
        let before = client("Zoë", "Lane", []);
        let (kind, name, email) = (ContactKind::Guardian, Name::parse("Lea").unwrap(), Email::parse("lea@home.test").ok());
        let contact = Contact { id: ContactId::from_bits(3), kind, name, email, phone: None };
        let after = Client { contacts: vec![contact], ..before.clone() };
        let changes = RowChanges::between(PRACTICE, Some(&before), &after);
        assert_eq!((changes.row.has_contact, changes.writes.len()), (Some(true), 2));
        assert_eq!(ClientRow::of(&before).has_contact, Some(false));
        let mut older = serde_json::to_value(&changes.row).unwrap();
        older.as_object_mut().unwrap().remove("has_contact");
        assert_eq!(serde_json::from_value::<ClientRow>(older).unwrap().has_contact, None);
    }

    #[test]
    fn the_largest_change_fits_one_transaction() {
        let most = PRACTITIONERS as u128;
        let (before, after) = (client("Zoë", "Lane", 0..most), client("Ada", "Rivers", most..2 * most));
        let changes = RowChanges::between(PRACTICE, Some(&before), &after);
        // The client and the answered request come on top; DynamoDB takes 100 actions.
        assert!(changes.writes.len() + changes.deletes.len() + 2 <= 100);
        assert!(changes.writes.is_disjoint(&changes.deletes));
    }

    #[test]
    fn a_client_is_shown_at_one_place_of_those_that_a_search_finds() {
        let row = ClientRow::of(&client("Lana", "Lane", []));
        let shown = |prefix: &str| {
            let place = |form: &str| key::directory(PRACTICE, form, row.id).sk;
            ["lana", "lane"].map(|form| row.is_shown_at(PRACTICE, &place(form), prefix))
        };
        assert_eq!(shown(""), [false, true]);
        assert_eq!(shown("lan"), [false, true]);
        assert_eq!(shown("lana"), [true, false]);
        assert_eq!(shown("x"), [false, false]);
    }

    #[test]
    fn no_name_is_too_long_for_a_place() {
        let longest = "\u{FDFA}".repeat(100);
        let changes = RowChanges::between(PRACTICE, None, &client(&longest, "", [2]));
        assert!(changes.writes.iter().all(|key| key.sk.len() <= 1_024));
    }
}
