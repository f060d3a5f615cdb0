package dev.turnout.console;

import dev.turnout.console.state.Tried;
import dev.turnout.console.state.TryDesk;
import dev.turnout.gateway.access.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;

/** Chooses alpha for everything, and keeps what was graded. */
public final class FakeTryDesk implements TryDesk {
  public final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Tried> tried = new ArrayList<>();

  @Override
  public Tried ask(Question question, Caller caller) {
    done.add(
        caller.tenant() + " " + question.text() + " " + question.constraints().getCostWeight());
    String id = "try-" + tried.size();
    Instant now = Instant.now();
    Tried each =
        new Tried(
            question.text(),
            now,
            Records.decision(id, "alpha", now),
            IntStream.rangeClosed(1, question.answers()).mapToObj(i -> id + "-" + i).toList());
    tried.add(0, each);
    return each;
  }

  @Override
  public List<Tried> latest() {
    return List.copyOf(tried);
  }

  @Override
  public void grade(String queryId, String llm, String grader, double reward) {
    done.add(queryId + " " + llm + " " + grader + " " + reward);
  }
}
