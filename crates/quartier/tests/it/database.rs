use std::process::Command;

use crate::program::words;

/// A database of its own on the tests' server, gone with the value.
pub(crate) struct Database {
    server: String,
    name: String,
}

impl Database {
    /// None where `QUARTIER_TEST_POSTGRES` names no server; says so.
    pub(crate) fn create(purpose: &str) -> Option<Self> {
        let Ok(server) = std::env::var("QUARTIER_TEST_POSTGRES") else {
            println!("skipped: QUARTIER_TEST_POSTGRES names no server");
            return None;
        };
        let name = format!("{purpose}_{}", std::process::id());
        let database = Self { server, name };
        database.tell("create database {}");
        Some(database)
    }

    pub(crate) fn url(&self) -> String {
        let (server, _) = self.server.rsplit_once('/').unwrap();
        format!("{server}/{}", self.name)
    }

    /// Ends every connection and takes no new ones.
    pub(crate) fn close(&self) {
        self.tell("alter database {} with allow_connections false");
        self.tell("select pg_terminate_backend(pid) from pg_stat_activity where datname = '{}'");
    }

    pub(crate) fn open(&self) {
        self.tell("alter database {} with allow_connections true");
    }

    fn tell(&self, sql: &str) {
        let sql = sql.replace("{}", &self.name);
        let told = Command::new("psql").args([&self.server, "-XAtqc", &sql]).output().unwrap();
        assert!(told.status.success(), "{}", words(&told.stderr));
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        self.tell("drop database if exists {} with (force)");
    }
}
