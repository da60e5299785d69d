"""Tables of subscriptions and of the work that waits."""

STEPS = [
    """
    CREATE TABLE subscription(
        id TEXT PRIMARY KEY,
        type TEXT NOT NULL,
        criteria TEXT NOT NULL,
        interaction TEXT NOT NULL,
        fhirpath TEXT NOT NULL
    );
    CREATE INDEX subscription_type ON subscription(type);
    CREATE TABLE work(
        wid INTEGER PRIMARY KEY AUTOINCREMENT,
        lane TEXT NOT NULL,
        subscription TEXT NOT NULL,
        reference TEXT NOT NULL,
        version TEXT NOT NULL,
        interaction TEXT NOT NULL,
        author TEXT,
        depth INTEGER NOT NULL,
        input BLOB,
        attempts INTEGER NOT NULL DEFAULT 0,
        queued REAL NOT NULL,
        due REAL NOT NULL
    );
    CREATE INDEX work_lane ON work(lane, wid);
    CREATE INDEX work_due ON work(due)
    """,
]
