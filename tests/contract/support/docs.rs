//! Documents that are generated from tests, and held against them.

use std::path::Path;

/// Holds a document to what a test generates; with `UPDATE_DOCS=1` in the environment it is written anew.
pub(crate) fn hold(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs").join(file);
    #[expect(clippy::disallowed_methods, reason = "whether to write documents is for whoever runs the test to say")]
    let update = std::env::var("UPDATE_DOCS").is_ok_and(|value| value == "1");
    if update {
        std::fs::write(&path, text).unwrap();
    }
    // A checkout may have turned the ends of lines.
    let found = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(found == text, "docs/{file} is not what its test generates: run the test again with UPDATE_DOCS=1, and read the diff");
}
