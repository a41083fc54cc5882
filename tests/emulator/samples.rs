//! The samples under `events/`, with the ids and days of a practice that is there.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
};

use chrono::{DateTime, Days, Utc};
use hourkeep_tests::House;
use serde_json::Value;

/// What the samples name.
pub(crate) const SESSION: &str = "ses_01m87bqd8s2a5grq3zt2ka792g";
pub(crate) const RECIPIENT: &str = "rcp_01m87d0cdx2r00k6agv0vfcxec";
pub(crate) const CODE: &str = "7K3M-Q9TX-B2HD";
pub(crate) const TICKET: &str =
    "prc_01m81h02recm9jd7gd6zsaekf4.Zm9yIGV4YW1wbGUgb25seQ.1795543812.bm90IGEgc2lnbmF0dXJlIG9mIGFueSBrZXkgYXQgYWxs";
pub(crate) const KEY: &str = "0e9c2f5a-4f43-4a43-9d0a-2b8f6f1c7d";

/// The samples, and which of them were asked for.
pub(crate) struct Samples {
    replacements: Vec<(&'static str, String)>,
    used: BTreeSet<String>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../events")
}

impl Samples {
    /// The samples for the house's practice, its client and so on. The first of December becomes a day two weeks from now.
    pub(crate) fn of(house: &House, practice: &str, now: DateTime<Utc>) -> Self {
        let day = |n: i64| {
            let first = now.date_naive() + Days::new(14);
            (first + chrono::Duration::days(n)).to_string()
        };
        let replacements = vec![
            ("prc_01m81h02recm9jd7gd6zsaekf4", practice.to_owned()),
            ("cli_01m7t296zp1wgpsbaa4t6h2vpe", house.client_id().to_owned()),
            ("con_01m8hm30sbya61zcbw4e8c34pf", house.contact_id(0).to_owned()),
            ("prt_01m82vvm3yx3h0xp84epak362x", house.ada_id.clone()),
            ("srv_01m7y9ztgpjmzt17vpppgq1csr", house.service_id.clone()),
            ("rom_01m851edyp7pe13rgbhxngtn4v", house.room_id.clone()),
            ("2026-11-29", day(-2)),
            ("2026-11-30", day(-1)),
            ("2026-12-01", day(0)),
            ("2026-12-02", day(1)),
            ("2026-12-07", day(6)),
        ];
        Self { replacements, used: BTreeSet::new() }
    }

    /// A sample, in which these texts are replaced first and then those of the practice.
    pub(crate) fn get(&mut self, name: &str, replacements: &[(&str, &str)]) -> Value {
        self.used.insert(format!("{name}.json"));
        let own = self.replacements.iter().map(|(from, to)| (*from, to.as_str()));
        let all: Vec<(&str, &str)> = replacements.iter().copied().chain(own).collect();
        // By way of marks: on some days, what is put in for one date is another date that is to be replaced.
        let mark = |place: usize| format!("\u{1}{place}\u{2}");
        let marked = all.iter().enumerate().fold(read(name), |text, (place, (from, _))| text.replace(from, &mark(place)));
        let text = all.iter().enumerate().fold(marked, |text, (place, (_, to))| text.replace(&mark(place), to));
        serde_json::from_str(&text).unwrap()
    }

    /// The claims of the samples' tokens.
    pub(crate) fn claims() -> Value {
        let sample: Value = serde_json::from_str(&read("http-schedule")).unwrap();
        sample["requestContext"]["authorizer"]["jwt"]["claims"].clone()
    }

    /// Files that nobody asked for.
    pub(crate) fn unused(&self) -> Vec<String> {
        let files = std::fs::read_dir(folder()).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap());
        files.filter(|file| !self.used.contains(file)).collect()
    }
}

fn read(name: &str) -> String {
    let path = folder().join(format!("{name}.json"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
