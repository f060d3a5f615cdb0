package dev.turnout.grader;

import dev.turnout.config.SettingValues;
import dev.turnout.grader.check.Check;
import dev.turnout.grader.check.CheckGrader;
import dev.turnout.grader.check.ChoiceCheck;
import dev.turnout.grader.check.ExactCheck;
import dev.turnout.grader.check.ExpectedText;
import dev.turnout.grader.check.JsonSchemaCheck;
import dev.turnout.grader.check.NumericCheck;
import dev.turnout.grader.check.RegexCheck;
import dev.turnout.grader.code.CodeGrader;
import dev.turnout.grader.code.Sandbox;
import dev.turnout.grader.judge.Judge;
import dev.turnout.grader.judge.JudgeGrader;
import dev.turnout.grader.traffic.ImplicitGrader;
import dev.turnout.llm.http.HttpLlmClient;
import java.time.Clock;

/** Makes what gives a grader's opinions. */
public final class Graders {
  private Graders() {}

  /**
   * The function of a kind.
   *
   * @return to be closed after the grader that uses it
   * @throws dev.turnout.config.ConfigException naming the key that is missing or wrong
   */
  public static GradingFunction of(GraderSettings settings, SettingValues values) {
    ExpectedText expected =
        new ExpectedText(settings.expectedKey(), settings.expected().orElse(null));
    return switch (settings.kind()) {
      case JUDGE -> judge(GraderSettings.judging(values), expected);
      case EXACT -> checked(new ExactCheck(), expected);
      case NUMERIC -> checked(new NumericCheck(settings.tolerance()), expected);
      case CHOICE -> checked(new ChoiceCheck(), expected);
      case REGEX -> checked(new RegexCheck(), expected);
      case JSON_SCHEMA -> checked(new JsonSchemaCheck(), expected);
      case CODE -> code(values, expected);
      case IMPLICIT -> {
        GraderSettings.Implicit implicit = GraderSettings.implicit(values);
        yield new ImplicitGrader(implicit.window(), implicit.sessions());
      }
    };
  }

  private static GradingFunction judge(GraderSettings.Judging judging, ExpectedText expected) {
    return new JudgeGrader(
        judging.judges().stream()
            .map(judge -> new Judge(judge.model(), new HttpLlmClient(judge)))
            .toList(),
        new JudgeGrader.Asking(
            judging.rubric(),
            judging.bothOrders(),
            judging.concurrency(),
            judging.patience(),
            judging.promptBytes()),
        expected,
        Clock.systemUTC());
  }

  private static GradingFunction checked(Check check, ExpectedText expected) {
    return new CheckGrader(check, expected);
  }

  private static GradingFunction code(SettingValues values, ExpectedText expected) {
    GraderSettings.Programs programs = GraderSettings.programs(values);
    GraderSettings.requireAllowed(values, programs);
    Sandbox sandbox = new Sandbox(programs.command(), programs.timeout(), programs.memoryMib());
    return new CodeGrader(sandbox, programs.lastLine(), programs.concurrency(), expected);
  }
}
