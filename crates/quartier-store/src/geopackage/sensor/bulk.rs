use sqlx::{QueryBuilder, Sqlite, SqliteConnection, query_builder::Separated};

use crate::Result;

/// Rows for each statement: a few sizes, so that their statements are prepared once, and each as large as can be, since
/// each statement is a round trip to SQLite's thread. 256 rows of 20 values stay below the 32,766 that SQLite takes.
const SIZES: [usize; 4] = [256, 32, 4, 1];

/// A statement that takes any number of rows: what stands before their values, and after.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bulk {
    pub(super) start: &'static str,
    pub(super) end: &'static str,
}

type Values<'a> = Separated<'a, Sqlite, &'static str>;

impl Bulk {
    /// Says how many rows the statements changed.
    pub(super) async fn execute<T>(
        self,
        connection: &mut SqliteConnection,
        rows: &[T],
        push: impl Fn(&mut Values<'_>, &T),
    ) -> Result<u64> {
        let mut changed = 0;
        for rows in chunks(rows) {
            let mut sql = self.statement(rows, &push);
            changed += sql.build().execute(&mut *connection).await?.rows_affected();
        }
        Ok(changed)
    }

    fn statement<T>(self, rows: &[T], push: &impl Fn(&mut Values<'_>, &T)) -> QueryBuilder<Sqlite> {
        let mut sql = QueryBuilder::new(self.start);
        sql.push_values(rows, |mut values, row| push(&mut values, row));
        sql.push(self.end);
        sql
    }
}

fn chunks<T>(mut rows: &[T]) -> impl Iterator<Item = &[T]> {
    std::iter::from_fn(move || {
        let size = SIZES.into_iter().find(|size| *size <= rows.len())?;
        let (chunk, rest) = rows.split_at(size);
        rows = rest;
        Some(chunk)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_number_of_rows_is_made_of_a_few_sizes() {
        for count in [0, 1, 3, 31, 200, 1000] {
            let rows: Vec<usize> = (0..count).collect();
            let parts: Vec<&[usize]> = chunks(&rows).collect();
            assert_eq!(parts.concat(), rows);
            assert!(parts.iter().all(|part| SIZES.contains(&part.len())));
        }
    }
}
