//! Nobody sees or changes what is not theirs.

mod bodies;
mod clashes;
mod matrix;
mod members;
mod reads;
mod series;
mod sessions;
mod table;

use hourkeep_tests::Person;

pub(crate) use self::table::who;

use crate::support::{Scene, Whose};

/// Who asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Column {
    /// Someone without a token.
    Stranger,
    /// The director of another practice.
    Outsider,
    /// The same, who names this practice in `Hourkeep-Practice`.
    Intruder,
    /// A director of the practice who is deactivated.
    Former,
    /// A practitioner to whom the client is not assigned.
    Unassigned,
    /// A practitioner to whom the client is assigned.
    Assigned,
    /// The front desk.
    FrontDesk,
    /// A director.
    Director,
}

impl Column {
    const ALL: [Self; 8] = [
        Self::Stranger,
        Self::Outsider,
        Self::Intruder,
        Self::Former,
        Self::Unassigned,
        Self::Assigned,
        Self::FrontDesk,
        Self::Director,
    ];

    fn title(self) -> &'static str {
        match self {
            Self::Stranger => "stranger",
            Self::Outsider => "director of another practice",
            Self::Intruder => "the same, naming this one",
            Self::Former => "former director",
            Self::Unassigned => "practitioner, client not assigned",
            Self::Assigned => "practitioner, client assigned",
            Self::FrontDesk => "front desk",
            Self::Director => "director",
        }
    }

    fn person(self, scene: &Scene) -> Person {
        match self {
            Self::Stranger => Person::stranger(&scene.house.server.url()),
            Self::Outsider | Self::Intruder => scene.olga.clone(),
            Self::Former => scene.former.clone(),
            Self::Unassigned | Self::Assigned => scene.house.ben.clone(),
            Self::FrontDesk => scene.house.fay.clone(),
            Self::Director => scene.house.ada.clone(),
        }
    }

    fn whose(self) -> Whose {
        match self {
            Self::Assigned | Self::Director => Whose::Bens,
            Self::Stranger | Self::Outsider | Self::Intruder | Self::Former | Self::Unassigned | Self::FrontDesk => Whose::Adas,
        }
    }
}

/// Words that stand in the practice's records and nowhere else.
fn secrets(scene: &Scene) -> Vec<String> {
    let house = &scene.house;
    let ids = [&house.ada_id, &house.ben_id, &house.service_id, &house.room_id, &scene.location_id, &scene.practice];
    let clients = [Whose::Adas, Whose::Bens].map(|whose| scene.client_id(whose).to_owned());
    let names = ["Moreau", "Mia", "Nyberg", "Adair", "Harbour", "family.test"].map(str::to_owned);
    ids.into_iter().cloned().chain(clients).chain(names).collect()
}
