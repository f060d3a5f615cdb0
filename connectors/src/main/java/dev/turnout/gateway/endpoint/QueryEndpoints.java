package dev.turnout.gateway.endpoint;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.Refusal;
import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.GatewayAccess;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.exchange.Exchange;
import dev.turnout.gateway.exchange.QueryForm;
import dev.turnout.gateway.exchange.RecordJson;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.lookup.QueryIds;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.memory.TakenIds;
import dev.turnout.gateway.trace.RequestSpan;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Outcome;
import dev.turnout.schema.OutcomeStatus;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.ReplyTopics;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Takes queries, and tells what was decided on them and what came of them. */
public final class QueryEndpoints {

  private static final CompletableFuture<Optional<Outcome>> NOTHING_EARLIER =
      CompletableFuture.completedFuture(Optional.empty());

  private final GatewayAccess access;
  private final QueryTraffic traffic;
  private final Serving serving;
  private final Replies replies;
  private final ReplyTopics replyTopics;
  private final AnsweredIds ids;
  private final TakenIds taken = new TakenIds();
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param replyTopics where outcomes may go besides
   * @param ids knows which query an answer belongs to
   * @param timeout longest wait for an answer
   */
  public QueryEndpoints(
      GatewayAccess access,
      QueryTraffic traffic,
      Serving serving,
      ReplyTopics replyTopics,
      AnsweredIds ids,
      Duration timeout,
      Clock clock) {
    this.access = access;
    this.traffic = traffic;
    this.serving = serving;
    this.replies = new Replies(serving);
    this.replyTopics = replyTopics;
    this.ids = ids;
    this.timeout = timeout;
    this.clock = clock;
  }

  /** {@code POST /v1/queries}. */
  public void query(Context context) {
    ObjectNode json = Json.body(RequestBody.read(context));
    Query query = finish(context, json);
    Caller caller = Caller.of(context);
    if (Boolean.parseBoolean(context.queryParam("wait"))) {
      boolean repeated = taken.takeAndWait(caller.key(), query);
      context.future(
          () ->
              (repeated ? earlier(query) : NOTHING_EARLIER)
                  .thenCompose(outcome -> answer(context, query, outcome))
                  .whenComplete((ended, failure) -> taken.release(query.getId())));
      return;
    }
    boolean repeated = taken.take(caller.key(), query);
    ObjectNode accepted = Json.object();
    accepted.put("id", query.getId());
    accepted.put("decision", "/v1/decisions/" + query.getId());
    replies.when(
        context,
        () ->
            (repeated ? publishUnlessUnderWay(context, query) : publish(context, query))
                .thenApply(sent -> new Replies.Reply(202, accepted)));
  }

  /** The answer that the same question under the same id has had already. */
  private CompletableFuture<Optional<Outcome>> earlier(Query query) {
    return traffic
        .outcome(query.getId())
        .thenApply(found -> found.filter(each -> each.getStatus() == OutcomeStatus.SUCCEEDED));
  }

  private CompletableFuture<Void> answer(Context context, Query query, Optional<Outcome> earlier) {
    if (earlier.isEmpty()) {
      return new Exchange(context, new QueryForm(), query, access, serving).start(traffic);
    }
    access.settle(context, null);
    Replies.now(context, 200, RecordJson.outcome(earlier.get(), null));
    return CompletableFuture.completedFuture(null);
  }

  private CompletableFuture<Void> publish(Context context, Query query) {
    RequestSpan span = RequestSpan.of(context.req());
    span.asks(context, query);
    return traffic
        .publish(query, span.trace())
        .whenComplete(
            (sent, failure) -> {
              if (failure != null) {
                taken.forget(query.getId());
              }
            });
  }

  /** A query that was refused may be asked again; any other is under way or answered. */
  private CompletableFuture<Void> publishUnlessUnderWay(Context context, Query query) {
    return traffic
        .refusal(query.getId())
        .thenCompose(
            refused -> {
              if (refused.isPresent()) {
                return publish(context, query);
              }
              access.settle(context, null);
              return CompletableFuture.completedFuture(null);
            });
  }

  private Query finish(Context context, ObjectNode json) {
    AskHeaders headers = AskHeaders.of(context, timeout);
    Instant now = clock.instant();
    String ours = QueryIds.next(clock);
    Query.Builder query = QueryReader.query(json, ours);
    if (!query.getId().equals(ours)) {
      query.setId(Caller.of(context).queryId(query.getId()));
    }
    replyTopics
        .refusal(query.getReplyTo())
        .ifPresent(
            why -> {
              throw GatewayError.badRequest(why);
            });
    query
        .setTenant(access.tenant(context, Json.text(json, "tenant")))
        .setSubmittedAt(now)
        .setDeadline(now.plus(headers.timeout()));
    return ChatQueries.checked(access.admit(context, query, headers.timeout()).build());
  }

  /** {@code GET /v1/decisions/{id}}: the decision on a query, or why the router refused it. */
  public void decision(Context context) {
    String id = ids.queryId(rest(context, "/v1/decisions/"));
    Caller caller = Caller.of(context);
    replies.when(
        context,
        () ->
            caller
                .find(id, traffic::decision, found -> caller.mayRead(found.getTenant()))
                .thenCompose(
                    found ->
                        found
                            .map(decision -> CompletableFuture.completedFuture(decided(decision)))
                            .orElseGet(() -> undecided(caller, id))));
  }

  private static Replies.Reply decided(RoutingDecision decision) {
    return new Replies.Reply(200, RecordJson.decision(decision));
  }

  private CompletableFuture<Replies.Reply> undecided(Caller caller, String id) {
    return caller
        .find(id, traffic::refusal, refused -> caller.mayReadRefusalOf(refused.queryId()))
        .thenApply(
            refused -> {
              throw refused
                  .map(QueryEndpoints::error)
                  .orElseGet(
                      () ->
                          notFound(
                              "no decision on query \""
                                  + id
                                  + "\" is known: it is not decided yet, or was long ago"));
            });
  }

  private static GatewayError error(RefusedQuery refused) {
    return new Refusal(refused.queryId(), refused.reason(), refused.detail()).error();
  }

  /** {@code GET /v1/outcomes/{id}}: what became of a query whose asker was cut off. */
  public void outcome(Context context) {
    String id = ids.queryId(rest(context, "/v1/outcomes/"));
    Caller caller = Caller.of(context);
    replies.when(
        context,
        () ->
            caller
                .find(id, traffic::outcome, found -> caller.mayRead(found.getTenant()))
                .thenApply(
                    found ->
                        new Replies.Reply(
                            200,
                            RecordJson.outcome(
                                found.orElseThrow(
                                    () ->
                                        notFound(
                                            "no outcome of query \""
                                                + id
                                                + "\" is known: it is not there yet, or came too"
                                                + " long ago")),
                                null))));
  }

  private static GatewayError notFound(String message) {
    return new GatewayError(404, "not_found_error", message);
  }

  /** The rest of the path, whatever is in it: ids of clients may hold slashes. */
  static String rest(Context context, String before) {
    String path = context.req().getRequestURI();
    try {
      // a plus is a plus in a path
      return URLDecoder.decode(
          path.substring(before.length()).replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException broken) {
      throw GatewayError.badRequest("the id in the path is not encoded as URLs are");
    }
  }
}
