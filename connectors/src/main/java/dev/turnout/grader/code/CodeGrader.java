package dev.turnout.grader.code;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import dev.turnout.grader.GraderAwayException;
import dev.turnout.grader.GradingFunction;
import dev.turnout.grader.Judgement;
import dev.turnout.grader.check.ExpectedText;
import dev.turnout.grader.check.TextAnswer;
import dev.turnout.kafka.DaemonThreads;
import dev.turnout.schema.Outcome;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Runs the answer's code with the tests that the query brought behind it: 1 when all pass, else 0.
 * A program passes when it ends by itself with exit status 0 after its last line, which prints a
 * token drawn for this run: one that leaves before its tests has not passed them.
 */
public final class CodeGrader implements GradingFunction {
  private static final Pattern FENCED =
      Pattern.compile("(?ms)^[ \\t]*```[^\\n`]*\\r?\\n(.*?)^[ \\t]*```[ \\t]*\\r?$");
  private static final SecureRandom RANDOM = new SecureRandom();
  private static final String TOKEN = "{token}";

  private final Sandbox sandbox;
  private final String lastLine;
  private final ExpectedText tests;
  private final ExecutorService running;

  /**
   * @param lastLine prints {@code {token}} in the programs' language
   * @param mostAtOnce programs that run at a time
   * @param tests where a query says how its answer is tested
   */
  public CodeGrader(Sandbox sandbox, String lastLine, int mostAtOnce, ExpectedText tests) {
    if (!lastLine.contains(TOKEN)) {
      throw new IllegalArgumentException("grader.code.last-line must print " + TOKEN);
    }
    this.sandbox = sandbox;
    this.lastLine = lastLine;
    this.tests = tests;
    this.running = Executors.newFixedThreadPool(mostAtOnce, DaemonThreads.named("grader-code"));
  }

  @Override
  public CompletableFuture<Optional<Judgement>> grade(Outcome outcome) {
    Optional<String> wanted = tests.of(outcome);
    Optional<String> answer = TextAnswer.of(outcome);
    return wanted.isEmpty() || answer.isEmpty()
        ? CompletableFuture.completedFuture(Optional.empty())
        : CompletableFuture.supplyAsync(() -> tested(code(answer.get()), wanted.get()), running);
  }

  private Optional<Judgement> tested(String code, String wanted) {
    byte[] drawn = new byte[16];
    RANDOM.nextBytes(drawn);
    String token = HexFormat.of().formatHex(drawn);
    try {
      Sandbox.Run run =
          sandbox.run(String.join("\n\n", code, wanted, lastLine.replace(TOKEN, token)) + "\n");
      boolean reached = run.output().endsWith(token);
      String said = run.output().replace(token, "").strip();
      boolean passed = run.passed() && reached;
      return Optional.of(
          Judgement.of(
              passed ? 1 : 0,
              "code: "
                  + (passed ? "all tests passed" : "the tests did not pass, " + run.end())
                  + (run.passed() && !reached ? ", before its last line" : "")
                  + (said.isEmpty() ? "" : "\n" + said)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new GraderAwayException("the grader is closed while a program runs", e);
    }
  }

  /** The longest fenced block, else the whole answer. */
  static String code(String answer) {
    Matcher fenced = FENCED.matcher(answer);
    String longest = "";
    while (fenced.find()) {
      String block = fenced.group(1);
      longest = block.length() > longest.length() ? block : longest;
    }
    return longest.isEmpty() ? answer : longest;
  }

  @Override
  public void close() {
    running.shutdownNow();
  }
}
