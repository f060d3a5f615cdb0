package dev.turnout.console.tries;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewaySettings;
import dev.turnout.gateway.access.AccessException;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.conversation.ReadConversation;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.traffic.Ask;
import dev.turnout.gateway.traffic.AskListener;
import dev.turnout.gateway.traffic.KafkaTraffic;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.kafka.FutureFailure;
import dev.turnout.kafka.LoopState;
import dev.turnout.schema.ChatRequest;
import dev.turnout.schema.Conversation;
import dev.turnout.schema.Grade;
import dev.turnout.schema.LlmScore;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import dev.turnout.schema.QueryConstraints;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.FieldLimits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Tries conversations as a gateway asks them, by the same code, which starts with the first one.
 *
 * <p>What holds at all times:
 *
 * <ul>
 *   <li>An LLM that is to answer is the only one allowed, so that the decision shown and the answer
 *       agree.
 *   <li>So many are tried at a time, from the question to the end of its last answer; every query
 *       has a deadline, at which its LLM's call is ended too.
 *   <li>The latest {@value #KEPT} are kept, each with what {@link TriedAnswer} bounds.
 * </ul>
 */
public final class KafkaTryDesk implements TryDesk, AutoCloseable {
  private static final Duration DECIDED_WITHIN = Duration.ofSeconds(15);
  private static final Duration ANSWERED_WITHIN = Duration.ofMinutes(3);
  private static final Duration GRADED_WITHIN = Duration.ofSeconds(15);
  private static final int AT_ONCE = 4;
  private static final int KEPT = 10;

  private final GatewaySettings gateway;
  private final Clock clock;
  private final Semaphore free = new Semaphore(AT_ONCE);
  private final Deque<Tried> latest = new ArrayDeque<>();
  private final Object starting = new Object();
  private volatile @Nullable KafkaTraffic traffic;
  private boolean closed;

  /** Starts nothing before something is tried. */
  public KafkaTryDesk(GatewaySettings gateway, Clock clock) {
    this.gateway = gateway;
    this.clock = clock;
  }

  private QueryTraffic traffic() {
    synchronized (starting) {
      if (closed) {
        throw new IllegalArgumentException("The console ends.");
      }
      KafkaTraffic known = traffic;
      if (known == null) {
        try {
          known = KafkaTraffic.start(gateway, clock, new SimpleMeterRegistry());
        } catch (IllegalStateException away) {
          throw new IllegalArgumentException(away.getMessage(), away);
        }
        traffic = known;
      }
      return known;
    }
  }

  @Override
  public Tried ask(Question question, Caller caller) throws InterruptedException {
    if (!free.tryAcquire()) {
      throw new IllegalArgumentException(
          AT_ONCE + " are being tried already; try again when one of them has been answered.");
    }
    // this method and each answer hold the place until the last of them lets it go
    AtomicInteger holders = new AtomicInteger(1);
    Runnable room =
        () -> {
          if (holders.decrementAndGet() == 0) {
            free.release();
          }
        };
    try {
      Query query = query(question, caller);
      QueryTraffic asking = traffic();
      RoutingDecision decision = decide(asking, query);
      List<TriedAnswer> answers = new ArrayList<>();
      for (String llm : answering(decision, question.answers())) {
        String id = query.getId() + "-" + (answers.size() + 1);
        holders.incrementAndGet();
        TriedAnswer answer = new TriedAnswer(id, llm, room);
        answer.asked(asking.ask(only(query, id, llm), null, answer));
        answers.add(answer);
      }
      Tried tried = new Tried(question.turns(), clock.instant(), decision, answers);
      synchronized (latest) {
        latest.addFirst(tried);
        if (latest.size() > KEPT) {
          latest.removeLast();
        }
      }
      return tried;
    } finally {
      room.run();
    }
  }

  private Query query(Question question, Caller caller) {
    ObjectNode chat = Json.object();
    ArrayNode messages = chat.putArray("messages");
    question
        .turns()
        .forEach(
            turn ->
                messages.addObject().put("role", turn.getRole()).put("content", turn.getText()));
    ReadConversation read = ReadConversation.of(chat);
    Query query =
        Query.newBuilder()
            .setId("try-" + UUID.randomUUID())
            .setText(read.text())
            .setTenant(caller.tenant())
            .setConstraints(allowed(question.constraints(), caller))
            .setChat(new ChatRequest(chat.toString(), true))
            .setConversation(conversation(read))
            .setNeeds(read.needs())
            .setSubmittedAt(now())
            .build();
    String excess = FieldLimits.excess(query);
    if (excess != null) {
      throw new IllegalArgumentException("The query's " + excess + ".");
    }
    return query;
  }

  private static QueryConstraints allowed(QueryConstraints constraints, Caller caller) {
    try {
      return QueryConstraints.newBuilder(constraints)
          .setAllowedLlms(caller.allowedOf(constraints.getAllowedLlms()))
          .build();
    } catch (AccessException others) {
      throw new IllegalArgumentException(others.getMessage(), others);
    }
  }

  private static @Nullable Conversation conversation(ReadConversation read) {
    return read.turns().isEmpty()
        ? null
        : Conversation.newBuilder()
            .setTurns(read.turns())
            .setPrefixTokens(read.prefixTokens())
            .build();
  }

  private Query only(Query query, String id, String llm) {
    QueryConstraints constraints =
        QueryConstraints.newBuilder(query.getConstraints())
            .setAllowedLlms(List.of(llm))
            .setExplore(false)
            .build();
    return Query.newBuilder(query)
        .setId(id)
        .setConstraints(constraints)
        .setDeadline(now().plus(ANSWERED_WITHIN))
        .build();
  }

  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  private static List<String> answering(RoutingDecision decision, int answers) {
    List<String> llms = new ArrayList<>();
    llms.add(decision.getLlm());
    decision.getRanking().stream()
        .filter(score -> score.getEligible() && !score.getLlm().equals(decision.getLlm()))
        .map(LlmScore::getLlm)
        .forEach(llms::add);
    return llms.subList(0, Math.min(answers, llms.size()));
  }

  private RoutingDecision decide(QueryTraffic asking, Query query) throws InterruptedException {
    Query decideOnly =
        Query.newBuilder(query).setDecideOnly(true).setDeadline(now().plus(DECIDED_WITHIN)).build();
    DecisionWait wait = new DecisionWait(new CompletableFuture<>());
    Ask unusedAsk = asking.ask(decideOnly, null, wait);
    try {
      // it ends at the query's deadline, or a moment later
      return wait.decision().get(2 * DECIDED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalArgumentException(
          String.valueOf(FutureFailure.cause(failure).getMessage()), failure);
    }
  }

  /** Hears of the decision, or why there is none, in words. */
  private record DecisionWait(CompletableFuture<RoutingDecision> decision) implements AskListener {
    @Override
    public void decided(RoutingDecision decided) {
      decision.complete(decided);
    }

    @Override
    public void answered(Outcome outcome, @Nullable RoutingDecision unused) {
      give("An LLM was asked, though only the decision was wanted.");
    }

    @Override
    public void refused(String reason, String detail) {
      give("The routers refuse it: " + reason + ", " + detail + ".");
    }

    @Override
    public void failed(Throwable failure) {
      give(
          failure instanceof TimeoutException
              ? "No router decided within "
                  + DECIDED_WITHIN.toSeconds()
                  + " s; is one running, and how many queries wait?"
              : String.valueOf(failure.getMessage()));
    }

    private void give(String up) {
      decision.completeExceptionally(new IllegalArgumentException(up));
    }
  }

  @Override
  public List<Tried> latest() {
    synchronized (latest) {
      return List.copyOf(latest);
    }
  }

  @Override
  public void grade(TriedAnswer answer, String grader, double reward) throws InterruptedException {
    Grade grade =
        Grade.newBuilder()
            .setQueryId(answer.id())
            .setLlm(answer.llm())
            .setGrader(grader)
            .setReward(reward)
            .setGradedAt(now())
            .build();
    try {
      traffic().publish(grade).get(GRADED_WITHIN.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException | TimeoutException failure) {
      throw new IllegalArgumentException(
          "The grade could not be written: " + failure.getMessage(), failure);
    }
    answer.graded(reward);
  }

  /** How its loop is doing, once it has one. */
  public List<LoopState> loops() {
    KafkaTraffic known = traffic;
    return known == null ? List.of() : known.loops();
  }

  @Override
  public void close() {
    synchronized (starting) {
      closed = true;
      KafkaTraffic known = traffic;
      if (known != null) {
        known.close();
      }
    }
  }
}
