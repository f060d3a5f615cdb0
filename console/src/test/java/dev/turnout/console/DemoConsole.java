package dev.turnout.console;

import static dev.turnout.console.Records.decision;
import static dev.turnout.console.Records.grade;
import static dev.turnout.console.Records.outcome;

import dev.turnout.belief.CellMeans;
import dev.turnout.belief.Posteriors;
import dev.turnout.console.page.Page;
import dev.turnout.console.savings.DemoSavings;
import dev.turnout.console.state.LlmStanding;
import dev.turnout.console.state.ModelsSeen;
import dev.turnout.console.state.TenantStanding;
import dev.turnout.console.traffic.Measure;
import dev.turnout.console.traffic.TrafficReport;
import dev.turnout.console.traffic.TrafficTally;
import dev.turnout.console.traffic.TrafficWindow;
import dev.turnout.console.tries.Tried;
import dev.turnout.console.tries.TriedAnswer;
import dev.turnout.console.tries.TryDesk;
import dev.turnout.control.model.ModelVersion;
import dev.turnout.control.model.Rollout;
import dev.turnout.gateway.access.KeyDirectory;
import dev.turnout.gateway.access.Rights;
import dev.turnout.schema.ApiKey;
import dev.turnout.schema.BudgetState;
import dev.turnout.schema.LlmProfile;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.ModelEvent;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.schema.Tenant;
import dev.turnout.schema.Turn;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A console over made-up traffic, for a browser to look at. */
public final class DemoConsole implements AutoCloseable {
  /** Id of a decision with everything that can be told. */
  public static final String EXPLAINED = "q-explained";

  /** Of its only key. */
  public static final String SECRET = "tk-demo";

  private static final List<String> LLMS = List.of("alpha", "beta", "gamma", "delta-instruct-70b");
  private static final List<String> ASKED =
      List.of(
          "Write a function that merges two sorted lists without recursion.",
          "What is the capital of Burkina Faso, and since when?",
          "Summarise the attached minutes in three sentences.",
          "Is 1009 prime? Show how you know.",
          "Translate \"the early bird catches the worm\" into German.",
          "Why does my query plan use a sequential scan although there is an index?");

  private final FakeState state;
  private final Console console;

  private DemoConsole(FakeState state, Console console) {
    this.state = state;
    this.console = console;
  }

  public static DemoConsole start() {
    FakeState state = new FakeState();
    Instant now = Instant.now();
    traffic(state, now);
    llms(state, now);
    models(state, now);
    letters(state, now);
    tenants(state, now);
    tries(state, now);
    state.savings = DemoSavings.view(now);
    state.posteriors = posteriors();
    decisions(state, now);
    List<Page> pages = ConsolePages.ALL;
    Console console =
        Console.start(
            new ConsoleParts(
                KeyDirectory.ofTokens(List.of(SECRET), Clock.systemUTC()),
                state,
                List::of,
                () -> {}),
            pages,
            "localhost",
            0,
            true);
    return new DemoConsole(state, console);
  }

  public String url() {
    return console.url();
  }

  /** Something is decided while one looks. */
  public void decide(String id, String llm, String text) {
    Instant now = Instant.now();
    state.recent.decided(decision(id, llm, now, 1, 0), 1_000);
    state.recent.ended(outcome(id, llm, text, now), 400);
  }

  /** The runner-up goes on with the answer that is under way. */
  public void say(String text) {
    Records.say(state.tries.latest().get(0).answers().get(1), text);
  }

  private static void traffic(FakeState state, Instant now) {
    Random random = new Random(7);
    for (TrafficWindow window : TrafficWindow.values()) {
      TreeMap<Instant, Map<String, TrafficTally>> steps = new TreeMap<>();
      int i = 0;
      Instant from = window.from(now);
      for (Instant at = from; at.isBefore(now); at = at.plus(window.step())) {
        double learnt = 1 - Math.exp(-i++ / 12.0);
        Map<String, TrafficTally> step = new TreeMap<>();
        for (int llm = 0; llm < LLMS.size(); llm++) {
          step.put(LLMS.get(llm), tally(random, llm, learnt));
        }
        steps.put(at, step);
      }
      TrafficTally letters = new TrafficTally();
      letters.add(Measure.DEAD_LETTERS, 3);
      state.traffic.put(
          window, new TrafficReport(window, from, steps, Map.of("DEADLINE_PASSED", letters), true));
    }
    state.rates = Map.of("alpha", 6.2, "beta", 2.1, "gamma", 0.9, "delta-instruct-70b", 0.3);
  }

  private static TrafficTally tally(Random random, int llm, double learnt) {
    int decisions = (int) ((100 >> llm) * (0.8 + 0.4 * random.nextDouble()));
    double quality = 0.55 + 0.1 * llm + 0.15 * learnt;
    TrafficTally tally = new TrafficTally();
    for (int i = 0; i < decisions; i++) {
      tally.count(Measure.DECISIONS);
      tally.add(Measure.EXPLORED, random.nextDouble() < 0.25 - 0.2 * learnt ? 1 : 0);
      tally.add(Measure.BATCH_SIZES, 1 + random.nextInt(8));
      tally.add(Measure.DECIDE_MICROS, 180);
      tally.count(random.nextInt(200) == 0 ? Measure.FAILED : Measure.SUCCEEDED);
      tally.addLatency(200 + 400 * llm + 900 * random.nextDouble());
      tally.count(Measure.COSTS);
      tally.add(Measure.COST_USD, 0.0004 * Math.pow(3, llm) * (0.7 + random.nextDouble()));
      if (i % 3 == 0) {
        double reward = random.nextDouble() < quality ? 1 : 0;
        tally.count(Measure.GRADES);
        tally.add(Measure.REWARD, reward);
        tally.add(Measure.REWARD_SQUARES, reward * reward);
      }
    }
    return tally;
  }

  private static void llms(FakeState state, Instant now) {
    List<LlmStanding> standings = new ArrayList<>();
    for (String llm : LLMS) {
      LlmProfile profile =
          LlmProfile.newBuilder().setId(llm).setTopic("r." + llm).setUpdatedAt(now).build();
      boolean out = llm.equals("gamma");
      standings.add(
          new LlmStanding(
              profile,
              out ? "unavailable since 12:03 UTC: HTTP 529, overloaded" : null,
              out ? 14 : LLMS.indexOf(llm)));
    }
    state.llms = standings;
  }

  private static void models(FakeState state, Instant now) {
    ModelVersion first =
        version(
            "20261126T080000-3f2a",
            null,
            "trained on graded warm-up queries",
            now.minus(Duration.ofHours(6)),
            Map.of(),
            change(
                ModelEvent.PROMOTED,
                now.minus(Duration.ofHours(6)),
                "the first model",
                null,
                Map.of()));
    ModelVersion second =
        version(
            "20261126T101500-77b1",
            first.version(),
            "600 grades since",
            now.minus(Duration.ofHours(4)),
            Map.of("gate.verdict", "promoted"),
            change(
                ModelEvent.STAGED,
                now.minus(Duration.ofHours(4)),
                "better offline",
                0.1,
                Map.of("gate.difference.dr", "0.0310 [0.0080, 0.0540] ess=412 n=600")),
            change(
                ModelEvent.PROMOTED,
                now.minus(Duration.ofHours(3)),
                "earned more on its own traffic",
                null,
                Map.of("live.difference", "0.0240 [0.0020, 0.0460]")));
    ModelVersion third =
        version(
            "20261126T123000-9c0d",
            second.version(),
            "600 grades since",
            now.minus(Duration.ofHours(1)),
            Map.of(),
            change(
                ModelEvent.REJECTED,
                now.minus(Duration.ofHours(1)),
                "the interval of its gain reaches below nothing",
                null,
                Map.of("gate.difference.dr", "0.0030 [-0.0210, 0.0270] ess=390 n=600")));
    ModelVersion fourth =
        version(
            "20261126T133000-e41f",
            second.version(),
            "600 grades since",
            now.minus(Duration.ofMinutes(12)),
            Map.of(),
            change(
                ModelEvent.STAGED,
                now.minus(Duration.ofMinutes(12)),
                "better offline",
                0.05,
                Map.of("gate.difference.dr", "0.0190 [0.0010, 0.0370] ess=405 n=600")));
    state.models =
        new ModelsSeen(
            List.of(first, second, third, fourth),
            Optional.of(second.version()),
            Optional.of(
                new Rollout.Stage(fourth.version(), 0.05, now.minus(Duration.ofMinutes(12)))),
            Optional.of(first.version()));
  }

  private static void letters(FakeState state, Instant now) {
    state.letters.add("EMPTY_TEXT", "the query has no text", "", now.minusSeconds(3_000));
    state.letters.add(
        "NO_LLM",
        "no LLM that is allowed takes requests",
        "Summarise this contract.",
        now.minusSeconds(400));
    state.letters.add(
        "TOO_LARGE", "6,291,456 bytes, at most 1,048,576", "x".repeat(2_000), now.minusSeconds(70));
  }

  private static void tries(FakeState state, Instant now) {
    List<Turn> turns =
        List.of(
            new Turn("system", "You know geography and history."),
            new Turn("user", "Where does the Mouhoun rise?"),
            new Turn("assistant", "In Burkina Faso, near Bobo-Dioulasso."),
            new Turn("user", ASKED.get(1)));
    Tried tried =
        state.tries.ask(
            new TryDesk.Question(turns, QueryConstraints.newBuilder().build(), 2),
            Callers.of("demo", "acme", Rights.ALL));
    for (TriedAnswer answer : tried.answers()) {
      state.recent.decided(decision(answer.id(), answer.llm(), now), 1_000);
    }
    tried
        .answers()
        .get(0)
        .answered(outcome(tried.answers().get(0).id(), "alpha", ASKED.get(1), now), null);
    Records.say(tried.answers().get(1), "Oua");
  }

  private static Posteriors posteriors() {
    double[][] correction = new double[ASKED.size()][LLMS.size()];
    double[][] deviation = new double[ASKED.size()][LLMS.size()];
    for (int cell = 0; cell < ASKED.size(); cell++) {
      for (int llm = 0; llm < LLMS.size(); llm++) {
        correction[cell][llm] = 0.01 * (cell - llm);
        deviation[cell][llm] = 0.02 + 0.02 * cell;
      }
    }
    CellMeans unknown = CellMeans.unknown(ASKED.size(), LLMS.size());
    return new Posteriors(
        "m1", LLMS, correction, deviation, correction, unknown, unknown, Map.of(), List.of(), 40);
  }

  private static void tenants(FakeState state, Instant now) {
    state.tenants =
        List.of(
            new TenantStanding(
                "acme",
                Tenant.newBuilder()
                    .setTenant("acme")
                    .setBudgetUsdPerHour(12.0)
                    .setRequestsPerMinute(600L)
                    .setUpdatedAt(now)
                    .build(),
                BudgetState.newBuilder()
                    .setTenant("acme")
                    .setSpentUsd(341.2)
                    .setReservedUsd(0.031)
                    .setFreeUsd(0.42)
                    .setPrice(0.018)
                    .setAt(now)
                    .build(),
                List.of(
                    ApiKey.newBuilder()
                        .setId("acme-shop")
                        .setHash("0")
                        .setTenant("acme")
                        .setDescription("the shop's assistant")
                        .setAsk(true)
                        .setReadTenants(List.of("acme"))
                        .setRequestsPerMinute(300L)
                        .setCreatedAt(now.minus(Duration.ofDays(20)))
                        .build())),
            new TenantStanding("research", null, null, List.of()));
  }

  private static ModelVersion.StatusChange change(
      ModelEvent kind,
      Instant at,
      String reason,
      @Nullable Double share,
      Map<String, String> report) {
    return new ModelVersion.StatusChange(kind, at, null, share, reason, report);
  }

  private static ModelVersion version(
      String name,
      @Nullable String parent,
      String reason,
      Instant at,
      Map<String, String> report,
      ModelVersion.StatusChange... changes) {
    return new ModelVersion(
        name, at, 120_000, "d1", "static:1", parent, reason, report, List.of(changes));
  }

  private static void decisions(FakeState state, Instant now) {
    Random random = new Random(3);
    for (int i = 0; i < 40; i++) {
      String id = "q-" + i;
      String llm = LLMS.get(Math.min(3, (int) (-Math.log(random.nextDouble()) / 0.9)));
      Instant at = now.minusSeconds(300 - 7L * i);
      state.recent.decided(
          RoutingDecision.newBuilder(
                  decision(id, llm, at, random.nextFloat(), random.nextFloat(), random.nextFloat()))
              .setCell(i % ASKED.size())
              .build(),
          1_000);
      if (i < 37) {
        state.recent.ended(outcome(id, llm, ASKED.get(i % ASKED.size()), at), 300);
        state.recent.graded(
            grade(id, llm, "judge", Math.round(random.nextDouble() * 10) / 10.0, at));
      }
    }
    RoutingDecision explained =
        RoutingDecision.newBuilder(
                decision(EXPLAINED, "alpha", now.minusSeconds(4), 0.5f, 0.4f, 0.6f))
            .setRanking(
                List.of(
                    Records.score("alpha", 0.81, 0.0006),
                    Records.score("beta", 0.84, 0.0019),
                    Records.score("delta-instruct-70b", 0.93, 0.0121),
                    LlmScore.newBuilder(Records.score("gamma", 0.88, 0.0043))
                        .setEligible(false)
                        .setPropensity(0.0)
                        .setIneligibleReason("unavailable since 12:03 UTC: HTTP 529, overloaded")
                        .build()))
            .setReason(
                "alpha is sure enough to be right for a twentieth of what delta-instruct-70b costs")
            .setPreviousLlm("alpha")
            .setShadow(List.of("beta"))
            .build();
    state.recent.decided(explained, 1_000);
    state.recent.ended(outcome(EXPLAINED, "alpha", ASKED.get(0), now), 300);
    state.recent.graded(grade(EXPLAINED, "alpha", "judge", 0.9, now));
    state.recent.graded(grade(EXPLAINED, "alpha", "user", 1.0, now));
  }

  @Override
  public void close() {
    console.close();
  }
}
