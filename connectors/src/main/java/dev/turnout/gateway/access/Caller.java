package dev.turnout.gateway.access;

import dev.turnout.gateway.lookup.QueryIds;
import io.javalin.http.Context;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who makes a request.
 *
 * @param key id of the key; empty where the gateway asks for none
 * @param tenant of all that it asks; where the gateway asks for no key, the one unless the request
 *     names another
 * @param allowedLlms LLMs that may answer; empty for all
 * @param open whether the gateway asks for no key
 */
public record Caller(
    String key, String tenant, Rights rights, List<String> allowedLlms, boolean open) {
  static final String ATTRIBUTE = "turnout.caller";

  /** Tenant of queries that name none. */
  static final String DEFAULT_TENANT = "default";

  /** The name of grades that name none, if the key names none either. */
  private static final String GATEWAY_GRADER = "gateway";

  private static final char SEPARATOR = ':';

  /** Freezes the list. */
  public Caller {
    allowedLlms = List.copyOf(allowedLlms);
  }

  static Caller of(AccessKey key) {
    return new Caller(key.id(), key.tenant(), key.rights(), key.allowedLlms(), false);
  }

  /** Anybody, on a gateway without keys. */
  static Caller anybody() {
    return new Caller("", DEFAULT_TENANT, Rights.ALL, List.of(), true);
  }

  /** Who makes this request, once {@link GatewayAccess#authenticate} has looked. */
  public static Caller of(Context context) {
    Caller caller = context.attribute(ATTRIBUTE);
    if (caller == null) {
      throw new IllegalStateException(
          "nobody has authenticated " + context.method() + " " + context.path());
    }
    return caller;
  }

  /**
   * The tenant of a query: the key's.
   *
   * @param claimed what the request says, by header or in its body; null if it says nothing
   * @throws AccessException with 403 if it says another than the key's
   */
  public String tenantOf(@Nullable String claimed) {
    if (claimed == null || claimed.isBlank() || claimed.equals(tenant)) {
      return tenant;
    }
    if (open) {
      return claimed;
    }
    throw AccessException.forbidden(
        "the tenant is the key's, \""
            + tenant
            + "\"; leave out the tenant, or use a key of tenant \""
            + claimed
            + "\"");
  }

  /**
   * The id of a query for which the client chose one: its own, with the tenant before it, so that
   * no two tenants can mean the same. The default tenant's stay as they are as long as they have no
   * colon, which keeps them apart from all others.
   */
  public String queryId(String chosen) {
    String prefix = tenant + SEPARATOR;
    boolean apart = tenant.equals(DEFAULT_TENANT) && chosen.indexOf(SEPARATOR) < 0;
    return open || apart || chosen.startsWith(prefix) ? chosen : prefix + chosen;
  }

  /**
   * The ids that a client may mean by one that it asks for: one that it chose, and the id itself,
   * which is how the gateway names its queries and how applications on Kafka name theirs. Whoever
   * looks them up must see that what is found is {@linkplain #mayRead the caller's to read}.
   *
   * @return the likelier first
   */
  List<String> meant(String id) {
    String chosen = queryId(id);
    if (chosen.equals(id)) {
      return List.of(id);
    }
    return QueryIds.time(id).isPresent() ? List.of(id, chosen) : List.of(chosen, id);
  }

  /**
   * Whether the caller may be told why a query was refused. A refusal does not say whose the query
   * was, its id does: nobody guesses those that the gateway makes, and of the others one knows the
   * tenant.
   */
  public boolean mayReadRefusalOf(String queryId) {
    return mayRead(Rights.ANY)
        || (mayRead(tenant)
            && (QueryIds.time(queryId).isPresent() || queryId(queryId).equals(queryId)));
  }

  /**
   * Looks something up by an id that a client has.
   *
   * @param lookup by the id of a query
   * @param visible whether what is found exists for the caller
   */
  public <T> CompletableFuture<Optional<T>> find(
      String id, Function<String, CompletableFuture<Optional<T>>> lookup, Predicate<T> visible) {
    CompletableFuture<Optional<T>> found = CompletableFuture.completedFuture(Optional.empty());
    for (String meant : meant(id)) {
      found =
          found.thenCompose(
              known ->
                  known.isPresent()
                      ? CompletableFuture.completedFuture(known)
                      : lookup.apply(meant).thenApply(each -> each.filter(visible)));
    }
    return found;
  }

  /** Whether decisions and outcomes of this tenant exist for the caller. */
  public boolean mayRead(String ofTenant) {
    return rights.mayRead(ofTenant);
  }

  /** Whether what is told of a query of this tenant may be graded: its own, or what it may read. */
  public boolean mayGradeOf(String ofTenant) {
    return open || tenant.equals(ofTenant) || mayRead(ofTenant);
  }

  /** Whether it may grade a query of which nobody knows the tenant. */
  public boolean mayGradeAnything() {
    return mayRead(Rights.ANY);
  }

  /**
   * The grader of a grade.
   *
   * @param wanted what the request says; null if it says nothing
   * @throws AccessException with 403 if the caller may not grade under that name
   */
  public String grader(@Nullable String wanted) {
    String grader =
        wanted == null || wanted.isBlank() ? rights.ownGrader().orElse(GATEWAY_GRADER) : wanted;
    if (!rights.mayGradeAs(grader)) {
      throw AccessException.forbidden(
          "this key may not grade as \"" + grader + "\", only as " + rights.graders());
    }
    return grader;
  }

  /** Whether its queries may go to this LLM. */
  public boolean mayAsk(String llm) {
    return allowedLlms.isEmpty() || allowedLlms.contains(llm);
  }

  /**
   * The LLMs that may answer a query.
   *
   * @param wanted as the query says; empty if it says nothing
   * @return empty for all
   * @throws AccessException with 403 if the key allows none of them
   */
  public List<String> allowedOf(List<String> wanted) {
    if (allowedLlms.isEmpty()) {
      return wanted;
    }
    if (wanted.isEmpty()) {
      return allowedLlms;
    }
    List<String> both = wanted.stream().filter(allowedLlms::contains).toList();
    if (both.isEmpty()) {
      throw AccessException.forbidden("this key may not ask " + wanted + ", only " + allowedLlms);
    }
    return both;
  }
}
