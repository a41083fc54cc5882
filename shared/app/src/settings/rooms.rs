//! Rooms, in person or virtual (N2).

use hourkeep_domain::{
    ids::{PracticeId, RoomId},
    practice::{Room, RoomKind},
    text::Name,
};
use hourkeep_store::{Key, key};
use serde::Serialize;
use utoipa::ToSchema;

use super::{
    record::{Listed, Record},
    set,
};
use crate::{
    answer::{Answer, Conditions},
    caller::Principal,
    desk::{Desk, front_desk_only},
    error::Error,
    list::List,
};

/// A room.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = Room)]
pub struct RoomView {
    /// Its id.
    #[schema(value_type = String, example = "rom_01kbq5w3v8f0r9tn2m4y6h7j8k")]
    pub id: RoomId,
    /// Counts its changes; also the `ETag`.
    pub revision: u32,
    /// What it is called.
    #[schema(value_type = String)]
    pub name: Name,
    /// `in_person`: one session at a time; `virtual`: any number at once.
    #[schema(value_type = String, example = "in_person")]
    pub kind: RoomKind,
    /// Whether it can still be booked.
    pub active: bool,
}

/// The wish for a room.
#[derive(Clone, Debug)]
pub struct RoomRequest {
    /// What it is called.
    pub name: Name,
    /// Whether two sessions can be in it at once.
    pub kind: RoomKind,
}

/// The wish to change a room. What is `None` stays. Its kind stays for good: sessions rely on there being a day
/// sheet, or none.
#[derive(Clone, Debug, Default)]
pub struct RoomChange {
    /// What it is called.
    pub name: Option<Name>,
    /// Whether it can still be booked.
    pub active: Option<bool>,
}

impl Record for Room {
    type Id = RoomId;
    type View = RoomView;

    const WHAT: &'static str = "room";

    fn key(practice: PracticeId, id: RoomId) -> Key {
        key::room(practice, id)
    }

    fn view(&self, revision: u32) -> RoomView {
        RoomView { id: self.id, revision, name: self.name.clone(), kind: self.kind, active: self.active }
    }
}

impl Listed for Room {
    const PREFIX: &'static str = key::ROOMS;

    fn is_active(&self) -> bool {
        self.active
    }
}

impl Desk {
    /// Adds a room.
    pub async fn create_room(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        request: &RoomRequest,
    ) -> Result<Answer, Error> {
        let id = RoomId::new(self.clock.now(), Self::random());
        let room = Room { id, name: request.name.clone(), kind: request.kind, active: true };
        self.create_record(principal, conditions, id, front_desk_only, |_| room.clone()).await
    }

    /// Shows a room.
    pub async fn show_room(&self, principal: &Principal, id: RoomId) -> Result<RoomView, Error> {
        self.show_record::<Room>(principal, id).await
    }

    /// Lists the rooms.
    pub async fn list_rooms(&self, principal: &Principal, include_inactive: bool) -> Result<List<RoomView>, Error> {
        self.list_records::<Room>(principal, include_inactive).await
    }

    /// Changes a room.
    pub async fn change_room(
        &self,
        principal: &Principal,
        conditions: &Conditions,
        id: RoomId,
        change: &RoomChange,
    ) -> Result<Answer, Error> {
        let apply = |room: &mut Room| {
            set(&mut room.name, change.name.clone());
            set(&mut room.active, change.active);
        };
        self.change_record(principal, conditions, id, front_desk_only, apply).await
    }
}
