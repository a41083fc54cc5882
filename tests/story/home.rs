//! What stories do besides the API: move the clock and open the mailbox, over HTTP.

use chrono::{DateTime, Utc};
use hourkeep_local::{Begin, Options};
use hourkeep_tests::{Answer, House, Person};
use serde_json::{Value, json};

use crate::{calendar::Calendar, letter::Letter};

/// An instant.
pub(crate) fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// A house whose clock stands at this instant.
pub(crate) async fn house_at(instant: &str) -> House {
    House::with(Options { clock: Begin::Standing(at(instant)), ..Options::default() }).await
}

/// What stories do with a house.
pub(crate) trait Home {
    /// Nobody in particular.
    fn anyone(&self) -> Person;
    /// Asks for the clock to be moved.
    async fn ask_clock(&self, body: Value) -> Answer;
    /// Moves the clock forward to an instant; everything due by then is done.
    async fn until(&self, instant: &str);
    /// Does what is due now.
    async fn settle(&self);
    /// Does something with a session, which succeeds.
    async fn act(&self, session: &Value, verb: &str, body: Value) -> Value;
    /// A mail that the mailbox lists, as it was delivered.
    async fn open(&self, listed: &Value) -> Letter;
    /// Every mail, oldest first.
    async fn letters(&self) -> Vec<Letter>;
    /// The newest mail.
    async fn newest_letter(&self) -> Letter;
    /// Every mail to one address, oldest first.
    async fn letters_to(&self, address: &str) -> Vec<Letter>;
    /// The calendar of whoever reads the mail of one address.
    async fn calendar_of(&self, address: &str) -> Calendar;
}

impl Home for House {
    fn anyone(&self) -> Person {
        Person::stranger(&self.server.url())
    }

    async fn ask_clock(&self, body: Value) -> Answer {
        self.anyone().post("/local/clock", body).await
    }

    async fn until(&self, instant: &str) {
        self.ask_clock(json!({"to": instant})).await.expect(200);
    }

    async fn settle(&self) {
        self.ask_clock(json!({"advance": "PT0S"})).await.expect(200);
    }

    async fn act(&self, session: &Value, verb: &str, body: Value) -> Value {
        let path = format!("/v1/sessions/{}/{verb}", session["id"].as_str().unwrap());
        self.ada.post(&path, body).await.expect(200).body
    }

    async fn open(&self, listed: &Value) -> Letter {
        let raw = self.anyone().get(listed["raw_url"].as_str().unwrap()).await.expect(200);
        Letter::read(listed, raw.text.as_bytes())
    }

    async fn letters(&self) -> Vec<Letter> {
        let mut letters = Vec::new();
        for listed in self.mails().await {
            letters.push(self.open(&listed).await);
        }
        letters
    }

    async fn newest_letter(&self) -> Letter {
        self.open(self.mails().await.last().unwrap()).await
    }

    async fn letters_to(&self, address: &str) -> Vec<Letter> {
        let mut letters = Vec::new();
        for listed in self.mails_to(address).await {
            letters.push(self.open(&listed).await);
        }
        letters
    }

    async fn calendar_of(&self, address: &str) -> Calendar {
        let mut calendar = Calendar::default();
        for letter in self.letters_to(address).await {
            letter.invitation.iter().for_each(|invitation| calendar.receive(invitation));
        }
        calendar
    }
}
