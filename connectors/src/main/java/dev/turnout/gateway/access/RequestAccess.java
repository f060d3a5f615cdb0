package dev.turnout.gateway.access;

import dev.turnout.schema.Outcome;
import dev.turnout.schema.Query;
import io.javalin.http.Context;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Who may do what: all that the gateway's endpoints ask about their callers. */
public interface RequestAccess {

  /**
   * Lets a request in or not; comes before every endpoint.
   *
   * @throws AccessException with 401, 403, 429 or 503
   */
  void authenticate(Context context);

  /** Who makes a request that was let in. */
  Caller caller(Context context);

  /**
   * Whose a query is: its key's tenant; where no key is asked for, the one that the request names.
   *
   * @param claimed what the request's body says; null for nothing
   * @throws AccessException with 403 if body or header name another tenant than the key's
   */
  String tenant(Context context, @Nullable String claimed);

  /**
   * Makes a query its caller's: tenant and allowed LLMs are the key's, and its tokens are taken
   * from the limits.
   *
   * @param query with what the client says, tenant and constraints among it
   * @param patience how long the client waits
   * @return the same builder
   * @throws AccessException with 403 if the query wants what its key does not allow, with 429 or
   *     503 if it is not worth starting now
   */
  Query.Builder admit(Context context, Query.Builder query, Duration patience);

  /**
   * Puts what an answer took in the place of what was estimated; without an answer nothing was
   * taken. An outcome that does not say leaves the estimate.
   */
  void settle(Context context, @Nullable Outcome outcome);
}
