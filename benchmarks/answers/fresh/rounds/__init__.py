"""One module a round: `ASKED`, each a person, a question and where its answer is found."""
