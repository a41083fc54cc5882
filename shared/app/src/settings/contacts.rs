//! What is asked for of a client's contacts and assignments, and its limits.

use hourkeep_domain::{
    ids::{ContactId, PractitionerId},
    people::{Contact, ContactKind, Membership, Role},
    text::{Email, Name, Phone},
};

use crate::error::SettingsRefused;

/// The most contacts of a client.
pub(super) const CONTACTS: usize = 20;

/// The most practitioners of a client. Each means two rows, and all rows are written in one transaction.
pub(super) const PRACTITIONERS: usize = 20;

/// The wish for a contact.
#[derive(Clone, Debug)]
pub struct ContactRequest {
    /// Which of those that are there; a new one if not given.
    pub id: Option<ContactId>,
    /// Their name.
    pub name: Name,
    /// How they stand to the client.
    pub kind: ContactKind,
    /// Their address.
    pub email: Option<Email>,
    /// Their telephone number.
    pub phone: Option<Phone>,
}

/// That a client can have as many.
pub(super) fn check_limits(contacts: &[ContactRequest], practitioners: &[PractitionerId]) -> Result<(), SettingsRefused> {
    if contacts.len() > CONTACTS {
        Err(SettingsRefused::TooManyContacts(CONTACTS))
    } else if practitioners.len() > PRACTITIONERS {
        Err(SettingsRefused::TooManyPractitioners(PRACTITIONERS))
    } else {
        Ok(())
    }
}

/// The contacts that a client has from then on. An id is kept where it is one of the client's own; `fresh` are ids
/// for the others, one for each place.
pub(super) fn contacts(
    requests: &[ContactRequest],
    known: &[Contact],
    fresh: &[ContactId],
) -> Result<Vec<Contact>, SettingsRefused> {
    let mut left: Vec<ContactId> = known.iter().map(|contact| contact.id).collect();
    let contact = |(request, fresh): (&ContactRequest, &ContactId)| {
        let id = match request.id {
            None => *fresh,
            Some(id) => {
                let place = left.iter().position(|known| *known == id).ok_or(SettingsRefused::UnknownContact(id))?;
                left.swap_remove(place)
            }
        };
        let ContactRequest { name, kind, email, phone, .. } = request.clone();
        Ok(Contact { id, name, kind, email, phone })
    };
    requests.iter().zip(fresh).map(contact).collect()
}

/// Each practitioner once. Who sees only assigned clients does not put one out of their own sight.
pub(super) fn assignment(member: &Membership, named: &[PractitionerId]) -> Result<Vec<PractitionerId>, SettingsRefused> {
    let mut practitioners: Vec<PractitionerId> = Vec::new();
    for id in named {
        if !practitioners.contains(id) {
            practitioners.push(*id);
        }
    }
    match member.role {
        Role::Practitioner if !member.practitioner.is_some_and(|own| practitioners.contains(&own)) => {
            Err(SettingsRefused::NotAssignedToSelf)
        }
        Role::Practitioner | Role::Director | Role::FrontDesk => Ok(practitioners),
    }
}

/// To whom a client is assigned about whom nothing is said.
pub(super) fn default_assignment(member: &Membership) -> Vec<PractitionerId> {
    match member.role {
        Role::Practitioner => member.practitioner.into_iter().collect(),
        Role::Director | Role::FrontDesk => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use hourkeep_domain::{ids::PracticeId, people::MemberKind};

    use super::*;

    fn request(id: Option<u128>) -> ContactRequest {
        let name = Name::parse("Gil").unwrap();
        ContactRequest { id: id.map(ContactId::from_bits), name, kind: ContactKind::Guardian, email: None, phone: None }
    }

    fn member(role: Role, own: Option<u128>) -> Membership {
        Membership {
            practice: PracticeId::from_bits(1),
            issuer: "https://sign-in.test".to_owned(),
            subject: "ben".to_owned(),
            kind: MemberKind::Person,
            name: Name::parse("Ben").unwrap(),
            role,
            practitioner: own.map(PractitionerId::from_bits),
            active: true,
        }
    }

    fn ids(bits: &[u128]) -> Vec<PractitionerId> {
        bits.iter().copied().map(PractitionerId::from_bits).collect()
    }

    #[test]
    fn contacts_keep_their_id_when_it_is_given() {
        let fresh = [8, 9].map(ContactId::from_bits);
        let known = contacts(&[request(None)], &[], &fresh).unwrap();
        let now = contacts(&[request(None), request(Some(8))], &known, &[10, 11].map(ContactId::from_bits)).unwrap();
        assert_eq!(now.iter().map(|contact| contact.id).collect::<Vec<_>>(), [10, 8].map(ContactId::from_bits));
    }

    #[test]
    fn a_contact_of_someone_else_and_one_named_twice_are_refused() {
        let fresh = [8, 9].map(ContactId::from_bits);
        let known = contacts(&[request(None)], &[], &fresh).unwrap();
        let refused = |requests: &[ContactRequest]| contacts(requests, &known, &fresh).unwrap_err();
        assert_eq!(refused(&[request(Some(5))]), SettingsRefused::UnknownContact(ContactId::from_bits(5)));
        let twice = [request(Some(8)), request(Some(8))];
        assert_eq!(refused(&twice), SettingsRefused::UnknownContact(ContactId::from_bits(8)));
    }

    #[test]
    fn a_practitioner_stays_assigned_to_their_clients() {
        let ben = member(Role::Practitioner, Some(2));
        assert_eq!(assignment(&ben, &ids(&[3])), Err(SettingsRefused::NotAssignedToSelf));
        assert_eq!(assignment(&ben, &ids(&[3, 2, 3])), Ok(ids(&[3, 2])));
        assert_eq!(default_assignment(&ben), ids(&[2]));
        assert_eq!(assignment(&member(Role::Practitioner, None), &[]), Err(SettingsRefused::NotAssignedToSelf));
    }

    #[test]
    fn the_front_desk_assigns_as_it_likes() {
        let fay = member(Role::FrontDesk, None);
        assert_eq!(assignment(&fay, &ids(&[3])), Ok(ids(&[3])));
        assert_eq!(default_assignment(&fay), []);
    }

    #[test]
    fn twenty_of_each_are_enough() {
        let many = vec![request(None); CONTACTS + 1];
        assert_eq!(check_limits(&many, &[]), Err(SettingsRefused::TooManyContacts(20)));
        assert_eq!(check_limits(&many[1..], &ids(&[1; 20])), Ok(()));
        assert_eq!(check_limits(&[], &ids(&[1; 21])), Err(SettingsRefused::TooManyPractitioners(20)));
    }
}
