use super::*;
use crate::session::tests::clinic::{ADA, BEN, lea, member, name};

#[test]
fn practitioners_act_for_assigned_clients_and_everyone_else_for_all() {
    let client = Client { practitioners: vec![ADA], ..lea() };
    let may = |role, practitioner| Membership { role, practitioner, ..member() }.may_act_for(&client);
    assert!(may(Role::Director, None) && may(Role::FrontDesk, None) && may(Role::Director, Some(BEN)));
    assert!(may(Role::Practitioner, Some(ADA)));
    assert!(!may(Role::Practitioner, Some(BEN)) && !may(Role::Practitioner, None));
}

#[test]
fn a_person_has_a_first_name_a_last_name_or_both() {
    let person = |first: Option<&str>, last: Option<&str>| PersonName::new(first.map(name), last.map(name));
    assert_eq!(person(None, None), None);
    let full = person(Some("Zoë"), Some("Ångström")).unwrap();
    assert_eq!((full.to_string().as_str(), full.folded()), ("Zoë Ångström", vec!["angstrom".to_owned(), "zoe".to_owned()]));
    assert_eq!(person(Some("Lea"), None).unwrap().to_string(), "Lea");
    assert_eq!(person(None, Some("Lea")).unwrap().last(), Some(&name("Lea")));
    assert_eq!(person(Some("Tom"), Some("tom")).unwrap().folded(), ["tom"], "one entry of the directory is enough");
}
