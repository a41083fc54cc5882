//! The process dies and another one starts over the same data.

use std::path::{Path, PathBuf};

use chrono::Duration;
use hourkeep_local::{Data, Options};
use serde_json::json;

use crate::{
    crash::{Strike, Trial, each_is_there_once, each_was_told, settle, timers_are_armed},
    rig::{Out, Rig},
    team::{Request, Standing, Team, wall},
};

/// A folder that is empty when a test begins and gone when it ends.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = std::fs::remove_dir_all(&path);
        Self(path)
    }

    fn data(&self) -> Data {
        Data::Folder(self.0.clone())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// From every third call on nothing gets out, for one request after the other; each time, the server is started anew.
async fn dying(mut rig: Rig, folder: &Folder, mut next: impl AsyncFnMut(&Rig) -> Request) -> (Rig, Vec<Trial>) {
    let mut trials = Vec::new();
    for strike in Strike::DEATH {
        for k in (0..).step_by(3) {
            let (request, before) = (next(&rig).await, rig.struck());
            strike.arm(&rig.script, k);
            let first = request.send(&rig.house).await;
            rig.house.drain().await;
            let died = rig.struck() > before;
            rig = Box::pin(rig.restart(folder.data())).await;
            trials.push(Trial { strike, k, request, first });
            if !died {
                break;
            }
        }
    }
    (rig, trials)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_started_over_the_data_of_one_that_died_finishes_its_work() {
    let folder = Folder::new("restart");
    let rig = Rig::with(Options { data: folder.data(), ..Options::default() }, Out::default()).await;
    let mut team = Team::of(8, &rig, Duration::hours(80)).await;
    let (rig, scheduled) = dying(rig, &folder, async |_| team.session(&[1, 2])).await;
    let answers = settle(&rig, &scheduled).await;
    each_is_there_once(&rig, &scheduled, &answers).await;
    timers_are_armed(&rig, &answers, 2);
    each_was_told(&rig, &scheduled, &answers, 1, &["gil: REQUEST 0", "ida: REQUEST 0"]).await;
    let mut over: Vec<String> = answers.iter().map(|answer| answer.text_of("/id")).collect();

    let later = Duration::days(2);
    let (rig, moved) = dying(rig, &folder, async |rig| {
        let Standing { id, starts_at } = team.standing(&rig.house, &[1]).await;
        Request::new(format!("/v1/sessions/{id}/reschedule"), json!({"local_start": wall(starts_at + later)}))
    })
    .await;
    let answers = settle(&rig, &moved).await;
    let both = ["cleo: notice", "gil: REQUEST 0", "gil: REQUEST 1", "ida: REQUEST 0", "ida: REQUEST 1"];
    each_was_told(&rig, &moved, &answers, 2, &both).await;

    let (rig, cancelled) = dying(rig, &folder, async |rig| {
        let id = team.standing(&rig.house, &[1]).await.id;
        Request::new(format!("/v1/sessions/{id}/cancel"), json!({}))
    })
    .await;
    let answers = settle(&rig, &cancelled).await;
    let taken_back = ["cleo: notice", "gil: CANCEL 1", "gil: REQUEST 0", "ida: CANCEL 1", "ida: REQUEST 0"];
    each_was_told(&rig, &cancelled, &answers, 2, &taken_back).await;

    rig.advance_to(team.ends() + later).await;
    let attended = json!({"attendance": [{"client_id": team.client_id, "value": "attended"}]});
    let mark = |id: String| Request::new(format!("/v1/sessions/{id}/outcome"), attended.clone());
    let (rig, marked) = dying(rig, &folder, async |_| mark(over.pop().unwrap())).await;
    let answers = settle(&rig, &marked).await;
    let reminded = ["gil: REQUEST 0", "gil: reminder", "gil: reminder", "ida: REQUEST 0"];
    each_was_told(&rig, &marked, &answers, 2, &reminded).await;
}
