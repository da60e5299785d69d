"""The index's tables in the record's database. A step once released is never edited.

`entry` is one indexed resource; `chunk` one passage of it with its vector. A chunk row never changes its
content: new content is a new row with a new, never reused `cid`, so whatever mirrors the vectors (Chroma)
only ever adds and removes ids. `fact` holds coded values in canonical units for questions such as
"potassium below 3". `depends` remembers which other resources an entry's text was made from.
"""

STEPS = [
    """
    CREATE TABLE entry(
        eid INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL,
        id TEXT NOT NULL,
        patient TEXT NOT NULL,
        version TEXT NOT NULL,
        title TEXT NOT NULL,
        date TEXT,
        time REAL,
        status TEXT,
        facts TEXT NOT NULL,
        digest BLOB NOT NULL,
        UNIQUE(type, id)
    );
    CREATE INDEX entry_patient ON entry(patient);
    CREATE TABLE chunk(
        cid INTEGER PRIMARY KEY AUTOINCREMENT,
        eid INTEGER NOT NULL REFERENCES entry(eid),
        binary TEXT NOT NULL,
        patient TEXT NOT NULL,
        ordinal INTEGER NOT NULL,
        content_type TEXT NOT NULL,
        section TEXT,
        header TEXT NOT NULL,
        text TEXT NOT NULL,
        start INTEGER,
        stop INTEGER,
        digest BLOB NOT NULL,
        model TEXT NOT NULL,
        created TEXT NOT NULL,
        terms TEXT NOT NULL,
        hashes BLOB NOT NULL,
        concepts BLOB NOT NULL,
        vector BLOB NOT NULL
    );
    CREATE INDEX chunk_eid ON chunk(eid);
    CREATE INDEX chunk_patient ON chunk(patient);
    CREATE INDEX chunk_model ON chunk(model);
    CREATE INDEX chunk_binary ON chunk(binary);
    CREATE VIRTUAL TABLE chunk_words USING fts5(terms, content='chunk', content_rowid='cid', detail='none',
        tokenize="unicode61 tokenchars '._-'");
    CREATE VIRTUAL TABLE chunk_vocabulary USING fts5vocab('chunk_words', 'row');
    CREATE TABLE fact(
        concept INTEGER NOT NULL,
        value REAL NOT NULL,
        eid INTEGER NOT NULL,
        PRIMARY KEY(concept, value, eid)
    ) WITHOUT ROWID;
    CREATE INDEX fact_eid ON fact(eid);
    CREATE TABLE depends(
        target TEXT NOT NULL,
        eid INTEGER NOT NULL,
        PRIMARY KEY(target, eid)
    ) WITHOUT ROWID;
    CREATE INDEX depends_eid ON depends(eid);
    CREATE TABLE patient_index(patient TEXT PRIMARY KEY, version INTEGER NOT NULL);
    CREATE TABLE removed_chunk(cid INTEGER PRIMARY KEY);
    CREATE TABLE index_state(name TEXT PRIMARY KEY, value TEXT NOT NULL)
    """,
]
