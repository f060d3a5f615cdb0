package dev.turnout.console.tries;

import dev.turnout.console.page.PageRequest;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.Turn;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What is done on the playground. */
final class Trying {
  /** Under which people grade, unless their key names another. */
  private static final String USER = "user";

  private Trying() {}

  /** Has a conversation decided, and its question answered by so many LLMs. */
  static String ask(PageRequest request, int answers) throws InterruptedException {
    List<Turn> turns = ConversationForm.read(request);
    QueryConstraints constraints =
        QueryConstraints.newBuilder()
            .setAllowedLlms(allowed(request))
            .setCostWeight(number(request, "cost-weight", Double.MAX_VALUE).orElse(null))
            .setMinSuccess(number(request, "min-success", 1).orElse(null))
            .setMaxCostUsd(number(request, "max-cost", Double.MAX_VALUE).orElse(null))
            .build();
    Tried tried =
        request
            .state()
            .tries()
            .ask(new TryDesk.Question(turns, constraints, answers), caller(request));
    return tried.decision().getLlm()
        + " is chosen: "
        + tried.decision().getReason()
        + (answers == 0 ? "." : ". Answers appear below as they come.");
  }

  private static List<String> allowed(PageRequest request) {
    return Arrays.stream(request.value("allowed").orElse("").split(",", -1))
        .map(String::strip)
        .filter(llm -> !llm.isEmpty())
        .toList();
  }

  private static Optional<Double> number(PageRequest request, String name, double most) {
    return request
        .value(name)
        .map(
            given -> {
              try {
                double number = Double.parseDouble(given);
                if (number >= 0 && number <= most) {
                  return number;
                }
              } catch (NumberFormatException notANumber) {
                // told below
              }
              throw new IllegalArgumentException(
                  name
                      + " is \""
                      + given
                      + "\"; it is a number from 0"
                      + (most == 1 ? " to 1." : " on."));
            });
  }

  /** Grades an answer that was tried here. */
  static String grade(PageRequest request) throws InterruptedException {
    String query = request.value("query").orElse("");
    TriedAnswer answer =
        request.state().tries().latest().stream()
            .flatMap(tried -> tried.answer(query).stream())
            .findFirst()
            .orElseThrow(
                () ->
                    new IllegalArgumentException(
                        "That answer was not tried here; POST /v1/feedback grades it."));
    double reward = request.value("good").filter("yes"::equals).isPresent() ? 1 : 0;
    Rights rights = caller(request).rights();
    String grader =
        rights.mayGradeAs(USER) || rights.graders().isEmpty() ? USER : rights.graders().get(0);
    request.state().tries().grade(answer, grader, reward);
    return "Graded " + (reward == 1 ? "good" : "bad") + " as " + grader + ".";
  }

  private static Caller caller(PageRequest request) {
    return Objects.requireNonNull(request.visitor().caller(), "an action's visitor has a key");
  }
}
