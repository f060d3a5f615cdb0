package dev.turnout.console;

import dev.turnout.console.tries.Tried;
import dev.turnout.console.tries.TriedAnswer;
import dev.turnout.console.tries.TryDesk;
import dev.turnout.gateway.access.Caller;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Chooses alpha for everything, and keeps what was graded. */
public final class FakeTryDesk implements TryDesk {
  public final List<String> done = new CopyOnWriteArrayList<>();
  private final List<Tried> tried = new ArrayList<>();

  @Override
  public Tried ask(Question question, Caller caller) {
    String id = "try-" + tried.size();
    Instant now = Instant.now();
    List<String> llms = List.of("alpha", "gamma").subList(0, question.answers());
    Tried each =
        new Tried(
            question.turns(),
            now,
            Records.decision(id, "alpha", now),
            llms.stream()
                .map(llm -> new TriedAnswer(id + "-" + llm, llm, () -> done.add(llm + " ended")))
                .toList());
    done.add(
        caller.tenant() + " " + each.question() + " " + question.constraints().getCostWeight());
    tried.add(0, each);
    return each;
  }

  @Override
  public List<Tried> latest() {
    return List.copyOf(tried);
  }

  @Override
  public void grade(TriedAnswer answer, String grader, double reward) {
    done.add(answer.id() + " " + answer.llm() + " " + grader + " " + reward);
    answer.graded(reward);
  }
}
