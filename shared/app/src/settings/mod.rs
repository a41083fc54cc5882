//! Practice data: who works there, who is treated, what is offered, and where.

mod client_rows;
mod client_view;
mod clients;
mod contacts;
mod directory;
mod event_types;
mod hours;
mod locations;
mod member_change;
mod member_id;
mod members;
mod practice;
mod practitioners;
mod record;
mod rooms;
mod services;
mod writing;

pub use self::{
    client_rows::ClientRow,
    client_view::{ClientView, ContactView},
    clients::{ClientChange, ClientRequest},
    contacts::ContactRequest,
    directory::{ClientListRequest, ClientSummary},
    event_types::EventTypeView,
    hours::{DayHoursBody, HoursExceptionBody, OpenHoursBody},
    locations::{LocationChange, LocationRequest, LocationView},
    member_change::MemberChange,
    member_id::{MemberId, NotAMemberId},
    members::{MemberRequest, MemberView},
    practice::{PoliciesView, PolicyChange, PracticeChange, PracticeView},
    practitioners::{PractitionerChange, PractitionerRequest, PractitionerView},
    rooms::{RoomChange, RoomRequest, RoomView},
    services::{ServiceChange, ServiceRequest, ServiceView},
};

/// Sets a field to what was asked for, if anything was.
fn set<T>(field: &mut T, value: Option<T>) {
    if let Some(value) = value {
        *field = value;
    }
}
