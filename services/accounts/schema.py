"""Tables of accounts. Passwords, secrets, codes and session tokens are kept as hashes only."""

STEPS = [
    """
    CREATE TABLE account(
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        login TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL,
        role TEXT NOT NULL,
        secret TEXT NOT NULL,
        demo INTEGER NOT NULL DEFAULT 0,
        disabled INTEGER NOT NULL DEFAULT 0,
        created REAL NOT NULL
    );
    CREATE TABLE login_code(
        code TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account(id),
        challenge TEXT NOT NULL,
        method TEXT NOT NULL,
        scope TEXT NOT NULL,
        expires REAL NOT NULL,
        used INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE session(
        token TEXT PRIMARY KEY,
        account TEXT NOT NULL REFERENCES account(id),
        kind TEXT NOT NULL,
        created REAL NOT NULL,
        expires REAL NOT NULL,
        revoked INTEGER NOT NULL DEFAULT 0
    );
    CREATE INDEX session_account ON session(account);
    CREATE TABLE login_attempt(login TEXT NOT NULL, at REAL NOT NULL);
    CREATE INDEX login_attempt_login ON login_attempt(login, at);
    CREATE TABLE signing_key(id INTEGER PRIMARY KEY CHECK(id=1), secret BLOB NOT NULL)
    """,
    """
    CREATE TABLE ended_token(jti TEXT PRIMARY KEY, expires REAL NOT NULL);
    CREATE INDEX login_attempt_at ON login_attempt(at)
    """,
    """
    ALTER TABLE login_code ADD COLUMN client TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN client TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN login TEXT NOT NULL DEFAULT '';
    ALTER TABLE session ADD COLUMN scope TEXT NOT NULL DEFAULT 'openid'
    """,
    "ALTER TABLE account ADD COLUMN tokens_from REAL NOT NULL DEFAULT 0",
]
