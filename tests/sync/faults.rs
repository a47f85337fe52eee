//! What only files can suffer: a folder that loses and damages them, and a program that is killed.

use std::fs;
use std::path::{Path, PathBuf};

use huddleboard::base::error::Failure;
use huddleboard::store::Accept;
use huddleboard::sync::folder::{self, Gathered};
use rusqlite::Connection;
use tempfile::TempDir;

use crate::history::Event;
use crate::support::nurse;
use crate::telling::{Held, same};
use crate::wards::{Deed, Replica, Wards, shuffle};

/// Lets it happen.
pub(crate) fn suffer(wards: &mut Wards, event: &Event) -> Held {
    let count = wards.replicas.len();
    let hub = hub(wards);
    match event {
        Event::Reopen(which) => wards.replicas[which % count].reopen(),
        Event::Publish(which) => {
            folder::publish(wards.replicas[which % count].store(), &hub).map_err(|failure| failure.to_string())?;
        }
        Event::PublishBlindly(which) => {
            let unseen = TempDir::new().unwrap();
            folder::publish(wards.replicas[which % count].store(), unseen.path())
                .map_err(|failure| failure.to_string())?;
            for file in files(unseen.path()) {
                put_copy(&file, &hub.join(file.strip_prefix(unseen.path()).unwrap()));
            }
        }
        Event::Gather { which, quarters, seed } => {
            let mut some = files(&hub);
            shuffle(&mut some, *seed);
            some.truncate(some.len() * quarters / 4);
            let seen = TempDir::new().unwrap();
            for file in some {
                put_copy(&file, &seen.path().join(file.strip_prefix(&hub).unwrap()));
            }
            let gathered = gather(&mut wards.replicas[which % count], seen.path())?;
            only_damaged(&gathered)?;
        }
        Event::Lose(nth) => with_file(&hub, *nth, |file| fs::remove_file(file).unwrap()),
        Event::Duplicate(nth) => with_file(&hub, *nth, |file| {
            put_copy(file, &file.with_extension("hbs (another computer's copy)"));
            put_copy(file, &file.with_file_name("000000000900-000000000901.hbs"));
        }),
        Event::Damage(nth) => with_file(&hub, *nth, |file| {
            let bytes = fs::read(file).unwrap();
            fs::write(file, &bytes[..bytes.len() / 2]).unwrap();
        }),
        Event::DieTakingIn { which, from, at } => {
            let changes = wards.replicas[from % count].all();
            return die(wards, which % count, |store, step| {
                let changes = changes
                    .into_iter()
                    .enumerate()
                    .map(|(n, change)| if n == *at { step() } else { Ok(()) }.map(|()| change));
                let _ = store.take_in(changes, Accept::KnownTeams);
            });
        }
        Event::DieCommitting { which, word, at } => {
            let edits = wards.names.edits(&Deed::Several(*word % 3, *word));
            return die(wards, which % count, |store, step| {
                let edits = edits
                    .into_iter()
                    .enumerate()
                    .map(|(n, edit)| if n == *at { step() } else { Ok(()) }.map(|()| edit));
                let _ = store.commit(&nurse(), "three", edits);
            });
        }
        _ => {}
    }
    Ok(())
}

/// The folder between the boards.
fn hub(wards: &Wards) -> PathBuf {
    let hub = wards.dir.path().join("hub");
    fs::create_dir_all(&hub).unwrap();
    hub
}

/// The bundles of a folder, in an order that is the same in every run.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .flat_map(|replica| fs::read_dir(replica.unwrap().path()).unwrap().map(|file| file.unwrap().path()))
        .filter(|file| file.extension().is_some_and(|ending| ending == "hbs"))
        .collect();
    found.sort();
    found
}

fn with_file(folder: &Path, nth: usize, change: impl FnOnce(&Path)) {
    let files = files(folder);
    if !files.is_empty() {
        change(&files[nth % files.len()]);
    }
}

/// Copies a file, where there is none of that name.
fn put_copy(from: &Path, to: &Path) {
    fs::create_dir_all(to.parent().unwrap()).unwrap();
    if !to.exists() {
        fs::copy(from, to).unwrap();
    }
}

fn gather(replica: &mut Replica, from: &Path) -> Result<Gathered, String> {
    folder::gather(replica.store(), from, Accept::KnownTeams).map_err(|failure| failure.to_string())
}

/// What is refused was damaged or misnamed by a fault, and by nothing else.
fn only_damaged(gathered: &Gathered) -> Held {
    let told = |failure: &&Failure| failure.what.contains("damaged") || failure.what.contains("what its name says");
    match gathered.refused.iter().find(|failure| !told(failure)) {
        Some(failure) => Err(format!("a good bundle was refused: {failure}")),
        None => Ok(()),
    }
}

/// Everybody puts there what it has and takes what it finds; somebody deletes what cannot be read.
pub(crate) fn exchange_through_the_folder(wards: &mut Wards) -> Held {
    let hub = hub(wards);
    for replica in &mut wards.replicas {
        let gathered = gather(replica, &hub)?;
        only_damaged(&gathered)?;
        for failure in gathered.refused {
            let _ = fs::remove_file(failure.place.unwrap());
        }
    }
    for replica in &mut wards.replicas {
        folder::publish(replica.store(), &hub).map_err(|failure| failure.to_string())?;
    }
    for replica in &mut wards.replicas {
        let gathered = gather(replica, &hub)?;
        same("what is refused in the end and nothing", &gathered.refused, &Vec::new())?;
    }
    for replica in &mut wards.replicas {
        let status = folder::status(replica.store(), &hub).map_err(|failure| failure.to_string())?;
        same("what is to be sent and taken in the end and nothing", &(status.to_send, status.to_take), &(0, 0))?;
    }
    Ok(())
}

/// What a program leaves that is killed: the file and its log as they stand, and what is beside it.
struct Remains {
    database: Vec<u8>,
    log: Option<Vec<u8>>,
}

impl Remains {
    fn of(path: &Path) -> Self {
        Self { database: fs::read(path).unwrap(), log: fs::read(path.with_extension("db-wal")).ok() }
    }

    fn put_back(&self, path: &Path) {
        fs::write(path, &self.database).unwrap();
        let _ = fs::remove_file(path.with_extension("db-shm"));
        match &self.log {
            Some(log) => fs::write(path.with_extension("db-wal"), log).unwrap(),
            None => drop(fs::remove_file(path.with_extension("db-wal"))),
        }
    }
}

/// Lets a replica do something during which it dies: where `step` is called or, if it is not, right
/// after the end of it, before the file beside the database is written.
fn die(
    wards: &mut Wards,
    which: usize,
    act: impl FnOnce(&mut huddleboard::store::Store, &mut dyn FnMut() -> Result<(), Failure>),
) -> Held {
    let replica = &mut wards.replicas[which];
    let (path, beside) = (replica.path.clone(), fs::read(replica.beside()).unwrap());
    let before = replica.all();
    let mut remains = None;
    act(replica.store(), &mut || {
        remains = Some(Remains::of(&path));
        Err(Failure::machine("The program is killed here."))
    });
    let in_the_middle = remains.is_some();
    let remains = remains.unwrap_or_else(|| Remains::of(&path));
    let after = replica.all();
    drop(replica.store.take());
    remains.put_back(&path);
    fs::write(replica.beside(), beside).unwrap();
    replica.reopen();
    let left = replica.all();
    wards.christen(which);
    same("what is left after the kill and what was there", &left, if in_the_middle { &before } else { &after })
}

/// What else holds once everybody has everything: tables and digests are the same wherever one looks,
/// and are what the log makes of empty ones.
pub(crate) fn agree(wards: &mut Wards) -> Held {
    let (digest, tables) = (wards.replicas[0].digest(), portable(&wards.replicas[0].path));
    let conflicts = wards.replicas[0].store().conflicts().unwrap();
    for (which, replica) in wards.replicas.iter_mut().enumerate() {
        same(&format!("the digest of board {which} and that of board 0"), &replica.digest(), &digest)?;
        same(&format!("the tables of board {which} and those of board 0"), &portable(&replica.path), &tables)?;
        let listed = replica.store().conflicts().unwrap();
        same(
            &format!("the conflicts of board {which} and those of board 0"),
            &format!("{listed:?}"),
            &format!("{conflicts:?}"),
        )?;
        let records: std::collections::BTreeSet<_> = listed.iter().map(|one| (one.kind, &one.record)).collect();
        let counted = replica.store().conflict_count().unwrap();
        same("conflicts counted and listed", &counted.to_string(), &records.len().to_string())?;
        let before = replica.tables();
        replica.store().rebuild().map_err(|failure| failure.to_string())?;
        same(&format!("the tables of board {which} after a rebuild and before"), &replica.tables(), &before)?;
        same(&format!("the digest of board {which} after a rebuild and before"), &replica.digest(), &digest)?;
    }
    Ok(())
}

/// The tables with nothing in them that only one file knows: ids in place of its own numbers.
fn portable(path: &Path) -> String {
    let conn = Connection::open(path).unwrap();
    let mut tables: Vec<String> = conn
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite%' ORDER BY name")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    // The log is compared by itself, and which records may hold a conflict is only a hint where to look.
    tables
        .retain(|table| !["changes", "actions", "local", "replicas", "handles", "conflicts"].contains(&table.as_str()));
    tables.iter().map(|table| format!("{table}\n{}\n", lines(&conn, table).join("\n"))).collect()
}

fn lines(conn: &Connection, table: &str) -> Vec<String> {
    let columns: Vec<String> = conn
        .prepare("SELECT name FROM pragma_table_info(?1)")
        .unwrap()
        .query_map([table], |row| row.get(0))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let read = |column: &String| match (table, column.as_str()) {
        (_, "origin") => "(SELECT id FROM replicas WHERE no = origin)".to_owned(),
        ("points", "measure") => "(SELECT id FROM handles WHERE no = measure)".to_owned(),
        _ => format!("\"{column}\""),
    };
    let columns: Vec<String> = columns.iter().map(read).collect();
    let mut statement = conn.prepare(&format!("SELECT {} FROM {table}", columns.join(", "))).unwrap();
    let mut lines: Vec<String> = statement
        .query_map([], |row| Ok((0..columns.len()).map(|at| format!("{:?} ", row.get_ref(at).unwrap())).collect()))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    lines.sort();
    lines
}
