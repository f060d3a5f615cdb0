package dev.turnout.lab.eval.cascade;

/** What an answer is checked with before it is accepted. */
sealed interface AnswerCheck {

  /** Whether an LLM's answer passes. */
  boolean passes(Recorded queries, int query, int llm);

  /** What the check costs, USD. */
  double cost(Recorded queries, int query, int llm);

  /** What else is known beforehand of the query: predicted success in 0..1. */
  double prior(Recorded queries, int query, int llm);

  /** LLMs asked for the check. */
  int calls();

  /** Whether an LLM's answers can be checked so. */
  boolean usable(int llm);

  /** Another LLM gives the same answer. */
  record Agreement(int other) implements AnswerCheck {
    @Override
    public boolean passes(Recorded queries, int query, int llm) {
      String answer = queries.answers()[query][llm];
      return !answer.isEmpty() && answer.equals(queries.answers()[query][other]);
    }

    @Override
    public double cost(Recorded queries, int query, int llm) {
      return queries.costs()[query][other];
    }

    @Override
    public double prior(Recorded queries, int query, int llm) {
      return queries.success()[query][other];
    }

    @Override
    public int calls() {
      return 1;
    }

    @Override
    public boolean usable(int llm) {
      return llm != other;
    }
  }

  /** A grader takes the answer for right; it costs as much as the answer. */
  record Grader() implements AnswerCheck {
    @Override
    public boolean passes(Recorded queries, int query, int llm) {
      return queries.verdicts()[query][llm];
    }

    @Override
    public double cost(Recorded queries, int query, int llm) {
      return queries.costs()[query][llm];
    }

    @Override
    public double prior(Recorded queries, int query, int llm) {
      return queries.success()[query][llm];
    }

    @Override
    public int calls() {
      return 1;
    }

    @Override
    public boolean usable(int llm) {
      return true;
    }
  }
}
