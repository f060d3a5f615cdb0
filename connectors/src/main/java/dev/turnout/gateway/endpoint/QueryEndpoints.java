package dev.turnout.gateway.endpoint;

import dev.turnout.gateway.access.Caller;
import dev.turnout.gateway.access.ClaimedIds;
import dev.turnout.gateway.access.RequestAccess;
import dev.turnout.gateway.exchange.Exchange;
import dev.turnout.gateway.exchange.QueryForm;
import dev.turnout.gateway.exchange.RecordJson;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.memory.AnsweredIds;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.turnout.gateway.GatewayError;
import dev.turnout.gateway.Refusal;
import dev.turnout.gateway.dialect.Json;
import dev.turnout.gateway.exchange.Exchange;
import dev.turnout.gateway.exchange.QueryForm;
import dev.turnout.gateway.exchange.RecordJson;
import dev.turnout.gateway.exchange.Replies;
import dev.turnout.gateway.exchange.Serving;
import dev.turnout.gateway.lookup.QueryIds;
import dev.turnout.gateway.lookup.RefusedQuery;
import dev.turnout.gateway.memory.AnsweredIds;
import dev.turnout.gateway.traffic.QueryTraffic;
import dev.turnout.schema.Query;
import dev.turnout.schema.RoutingDecision;
import dev.turnout.topic.ReplyTopics;
import io.javalin.http.Context;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Takes queries, and tells what was decided on them and what came of them. */
public final class QueryEndpoints {

  private final RequestAccess access;
  private final QueryTraffic traffic;
  private final Serving serving;
  private final Replies replies;
  private final ReplyTopics replyTopics;
  private final AnsweredIds ids;
  private final ClaimedIds claims = new ClaimedIds();
  private final Duration timeout;
  private final Clock clock;

  /**
   * @param replyTopics where outcomes may go besides
   * @param ids knows which query an answer belongs to
   * @param timeout longest wait for an answer
   */
  public QueryEndpoints(
      RequestAccess access,
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
    String ours = QueryIds.next(clock);
    Query.Builder read = QueryReader.query(json, ours);
    Caller caller = access.caller(context);
    boolean chosen = !read.getId().equals(ours);
    if (chosen) {
      read.setId(caller.queryId(read.getId()));
    }
    Query query = finish(context, read, Json.text(json, "tenant"));
    boolean repeated = chosen && !claims.claim(caller, query.getId(), content(query));
    boolean waiting = Boolean.parseBoolean(context.queryParam("wait"));
    if (repeated) {
      access.settle(context, null);
      replies.when(context, () -> waiting ? earlierOutcome(query) : repeated(query));
    } else if (waiting) {
      context.future(
          () -> new Exchange(context, new QueryForm(), query, access, serving).start(traffic));
    } else {
      replies.when(context, () -> published(query));
    }
  }

  /** What makes a query what it is, for whoever sends it once more. */
  private static String content(Query query) {
    return query.getText() + "\n" + query.getConstraints() + "\n" + query.getMetadata();
  }

  private CompletableFuture<Replies.Reply> published(Query query) {
    ObjectNode accepted = Json.object();
    accepted.put("id", query.getId());
    accepted.put("decision", "/v1/decisions/" + query.getId());
    return traffic.publish(query).thenApply(sent -> new Replies.Reply(202, accepted));
  }

  /** One that the router has refused may be routed this time; another is under way or answered. */
  private CompletableFuture<Replies.Reply> repeated(Query query) {
    return traffic
        .refusal(query.getId())
        .thenCompose(
            refused -> {
              if (refused.isPresent()) {
                return published(query);
              }
              ObjectNode accepted = Json.object();
              accepted.put("id", query.getId());
              accepted.put("decision", "/v1/decisions/" + query.getId());
              return CompletableFuture.completedFuture(new Replies.Reply(202, accepted));
            });
  }

  private CompletableFuture<Replies.Reply> earlierOutcome(Query query) {
    return traffic
        .outcome(query.getId())
        .thenCompose(
            found ->
                found.isPresent()
                    ? CompletableFuture.completedFuture(
                        new Replies.Reply(200, RecordJson.outcome(found.get(), null)))
                    : traffic
                        .refusal(query.getId())
                        .thenApply(
                            refused -> {
                              throw refused
                                  .map(QueryEndpoints::error)
                                  .orElseGet(() -> underWay(query.getId()));
                            }));
  }

  private static GatewayError underWay(String id) {
    return new GatewayError(
        409,
        "invalid_request_error",
        "id_taken",
        "query \"" + id + "\" is under way already; its outcome will be at /v1/outcomes/" + id);
  }

  private Query finish(Context context, Query.Builder query, @Nullable String tenant) {
    AskHeaders headers = AskHeaders.of(context, timeout);
    Instant now = clock.instant();
    replyTopics
        .refusal(query.getReplyTo())
        .ifPresent(
            why -> {
              throw GatewayError.badRequest(why);
            });
    query
        .setTenant(access.tenant(context, tenant))
        .setSubmittedAt(now)
        .setDeadline(now.plus(headers.timeout()));
    return ChatQueries.checked(access.admit(context, query, headers.timeout()).build());
  }

  /** {@code GET /v1/decisions/{id}}: the decision on a query, or why the router refused it. */
  public void decision(Context context) {
    String id = ids.queryId(rest(context, "/v1/decisions/"));
    Caller caller = access.caller(context);
    replies.when(
        context,
        () ->
            firstOf(
                    caller.meant(id),
                    traffic::decision,
                    decision -> caller.mayRead(decision.getTenant()))
                .thenCompose(
                    found ->
                        found
                            .map(decision -> CompletableFuture.completedFuture(decided(decision)))
                            .orElseGet(() -> undecided(caller, id))));
  }

  /** The first of several ids under which there is something that the caller may read. */
  static <T> CompletableFuture<Optional<T>> firstOf(
      List<String> meant,
      Function<String, CompletableFuture<Optional<T>>> lookup,
      Predicate<T> readable) {
    CompletableFuture<Optional<T>> found = CompletableFuture.completedFuture(Optional.empty());
    for (String id : meant) {
      found =
          found.thenCompose(
              earlier ->
                  earlier.isPresent()
                      ? CompletableFuture.completedFuture(earlier)
                      : lookup.apply(id).thenApply(one -> one.filter(readable)));
    }
    return found;
  }

  private static Replies.Reply decided(RoutingDecision decision) {
    return new Replies.Reply(200, RecordJson.decision(decision));
  }

  private CompletableFuture<Replies.Reply> undecided(Caller caller, String id) {
    return firstOf(caller.meant(id), traffic::refusal, refused -> true)
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
    Caller caller = access.caller(context);
    replies.when(
        context,
        () ->
            firstOf(
                    caller.meant(id),
                    traffic::outcome,
                    outcome -> caller.mayRead(outcome.getTenant()))
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
