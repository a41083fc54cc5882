use proptest::prelude::*;

use super::*;

const PRACTICE: PracticeId = PracticeId::from_bits(77 << 64);

fn new(name: &str, category: Category) -> NewEventType {
    NewEventType {
        name: Name::parse(name).unwrap(),
        category,
        colour: None,
        icon: None,
        presence: None,
        availability: None,
        length: None,
        service: None,
    }
}

fn id(bits: u128) -> EventTypeId {
    EventTypeId::from_bits(bits)
}

#[test]
fn a_practice_begins_with_three_for_clients_and_three_without() {
    let usual = EventTypes::usual(PRACTICE);
    assert_eq!(usual.iter().filter(|one| one.category.is_for_clients()).count(), 3);
    assert_eq!(usual.iter().filter(|one| !one.category.is_for_clients()).count(), 3);
    assert_eq!(usual, EventTypes::usual(PRACTICE), "with the same ids whenever it is asked");
    let other = EventTypes::usual(PracticeId::from_bits(78 << 64));
    assert!(usual.iter().all(|one| other.get(one.id).is_none()), "and ids of its own");
}

#[test]
fn colour_and_picture_follow_the_category() {
    let mut types = EventTypes::usual(PRACTICE);
    let made = types.add(id(1), new("Assessment", Category::Client)).unwrap();
    assert_eq!(
        (made.colour, made.icon, made.presence, made.availability),
        (Colour::Blue, Icon::Person, Presence::Direct, Availability::Busy)
    );
    assert_eq!((made.number, made.revision), (6, 1));
}

#[test]
fn six_for_clients_and_four_without_are_the_most_and_the_limit_says_so() {
    let mut types = EventTypes::usual(PRACTICE);
    for (n, category) in [Category::Client, Category::Video, Category::Client].into_iter().enumerate() {
        types.add(id(10 + n as u128), new(&format!("More {n}"), category)).unwrap();
    }
    let refused = types.add(id(20), new("Seventh", Category::Video)).unwrap_err();
    assert_eq!(refused, EventTypeRefused::TooMany(Category::Video));
    assert_eq!(
        refused.to_string(),
        "A practice has at most 6 active event types for clients. Deactivate one first, or change one that there is."
    );
    types.add(id(21), new("Fourth", Category::Team)).unwrap();
    assert_eq!(types.add(id(22), new("Fifth", Category::NonClient)), Err(EventTypeRefused::TooMany(Category::NonClient)));
}

#[test]
fn one_that_is_retired_makes_room_and_comes_back_only_while_there_is_room() {
    let mut types = EventTypes::usual(PRACTICE);
    types.add(id(1), new("Fourth", Category::Team)).unwrap();
    let retire = || EventTypeChange { active: Some(false), ..EventTypeChange::default() };
    assert_eq!(types.change(id(1), retire()).unwrap().revision, 2);
    types.add(id(2), new("Fourth", Category::Team)).unwrap();
    let back = EventTypeChange { active: Some(true), ..EventTypeChange::default() };
    assert_eq!(types.change(id(1), back.clone()), Err(EventTypeRefused::SameName));
    let renamed = EventTypeChange { name: Some(Name::parse("Another").unwrap()), ..back };
    assert_eq!(types.change(id(1), renamed), Err(EventTypeRefused::TooMany(Category::Team)));
}

#[test]
fn what_is_no_change_is_refused_and_so_is_a_service_without_clients() {
    let mut types = EventTypes::usual(PRACTICE);
    let team = types.iter().find(|one| one.category == Category::Team).unwrap().id;
    assert_eq!(types.change(team, EventTypeChange::default()), Err(EventTypeRefused::NothingToDo));
    let service = EventTypeChange { service: Some(Some(ServiceId::from_bits(1))), ..EventTypeChange::default() };
    assert_eq!(types.change(team, service), Err(EventTypeRefused::ServiceWithoutClients));
    assert_eq!(types.change(id(9), EventTypeChange::default()), Err(EventTypeRefused::Unknown(id(9))));
}

proptest! {
    /// Whatever is made and changed: the limits hold, numbers are never given twice, and active names differ.
    #[test]
    fn limits_hold_whatever_is_done(steps in prop::collection::vec((0_u8..4, 0_usize..12, any::<bool>(), 0_u8..6), 1..80)) {
        let mut types = EventTypes::usual(PRACTICE);
        for (n, (kind, which, active, name)) in steps.into_iter().enumerate() {
            let category = [Category::Client, Category::Video, Category::NonClient, Category::Team][usize::from(kind)];
            if active && which > 6 {
                let _ = types.add(id(1000 + n as u128), new(&format!("Type {name}"), category));
            } else if let Some(one) = types.0.get(which).map(|one| one.id) {
                let _ = types.change(one, EventTypeChange { active: Some(active), ..EventTypeChange::default() });
            }
            for clients in [true, false] {
                let count = types.iter().filter(|one| one.active && one.category.is_for_clients() == clients).count();
                let most = if clients { 6 } else { 4 };
                prop_assert!(count <= most);
            }
            let mut numbers: Vec<u8> = types.iter().map(|one| one.number).collect();
            numbers.sort_unstable();
            numbers.dedup();
            prop_assert_eq!(numbers.len(), types.0.len());
            let mut names: Vec<&str> = types.iter().filter(|one| one.active).map(|one| one.name.as_str()).collect();
            names.sort_unstable();
            let count = names.len();
            names.dedup();
            prop_assert_eq!(names.len(), count);
        }
    }
}
