//! The Python tools that `make tools` installs, and what of Amazon's comes with them.

use std::path::PathBuf;

/// What is installed must be what this asks for.
const REQUIREMENTS: &str = include_str!("../../infra/tools/requirements.txt");

/// A folder of installed tools.
#[derive(Clone, Debug)]
pub struct Tools(PathBuf);

impl Tools {
    /// The tools in cargo's target folder.
    ///
    /// # Panics
    ///
    /// Where they are missing, or not those that this release asks for.
    pub fn find() -> Self {
        let test = std::env::current_exe().unwrap();
        let found = test.ancestors().map(|folder| folder.join("tools")).find(|tools| {
            // Written last by `make tools`.
            std::fs::read_to_string(tools.join("requirements.txt")).is_ok_and(|installed| installed == REQUIREMENTS)
        });
        Self(found.unwrap_or_else(|| panic!("the Python tools are missing or old: run `make tools` first")))
    }

    /// The Python that has them.
    pub fn python(&self) -> PathBuf {
        self.0.join("bin/python")
    }

    /// Amazon's emulator of Lambda's runtime interface for this machine, as `sam local` puts it into its containers.
    /// It runs a function's binary without any container.
    ///
    /// # Panics
    ///
    /// Where aws-sam-cli has none for this machine.
    pub fn runtime_emulator(&self) -> PathBuf {
        let name = if cfg!(target_arch = "aarch64") { "aws-lambda-rie-arm64" } else { "aws-lambda-rie-x86_64" };
        let pythons = std::fs::read_dir(self.0.join("lib")).unwrap();
        let mut places = pythons.map(|python| python.unwrap().path().join("site-packages/samcli/local/rapid").join(name));
        places.find(|place| place.exists()).unwrap_or_else(|| panic!("aws-sam-cli has no {name}"))
    }
}
