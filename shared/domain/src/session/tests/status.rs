use super::clinic::{at, granted, practice, wish};
use crate::session::{Session, Status};

#[test]
fn the_status_of_a_session_that_stands_follows_from_the_clock() {
    let session = Session::Scheduled(granted(wish()));
    let cases = [
        ("2026-12-01T15:49:59Z", Status::Scheduled),
        ("2026-12-01T15:50:00Z", Status::Due),
        ("2026-12-01T15:59:59Z", Status::Due),
        ("2026-12-01T16:00:00Z", Status::Underway),
        ("2026-12-01T16:59:59Z", Status::Underway),
        ("2026-12-01T17:00:00Z", Status::AwaitingOutcome),
    ];
    for (now, status) in cases {
        assert_eq!(session.status(&practice().policies, at(now)), status, "{now}");
    }
}
