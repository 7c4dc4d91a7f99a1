package dev.keygate.control;

import dev.keygate.identifier.Identifiers;
import dev.keygate.store.Store;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The operations on one object, the same for every resource: what differs is in {@link Resource}. A
 * change, its audit rows and the answer kept for repeats are one transaction; once that is durable
 * the change is put in force, and only then is it answered.
 */
final class Crud {
  private static final Logger LOG = LoggerFactory.getLogger(Crud.class);

  private final Store store;
  private final Identifiers identifiers;
  private final Publisher publisher;

  Crud(Store store, Identifiers identifiers, Publisher publisher) {
    this.store = store;
    this.identifiers = identifiers;
    this.publisher = publisher;
  }

  <R> Answer get(Resource<R> resource, Call call) {
    return store
        .read(tables -> find(resource, call, tables).map(row -> resource.show(row, tables)))
        .map(Answer::ok)
        .orElseThrow(() -> absent(resource, call));
  }

  <R> Answer create(Resource<R> resource, Call call) {
    Answer answer =
        store.write(tables ->
            call.ticket()
                .flatMap(ticket -> Idempotency.earlier(tables, ticket, call.now()))
                .orElseGet(() -> create(resource, call, tables)));
    putInForce(answer.body().path("id").asString(""));
    return answer;
  }

  private <R> Answer create(Resource<R> resource, Call call, Store.Tables tables) {
    Change change = new Change(tables, call, identifiers);
    Resource.Created<R> created = resource.create(change);
    change.created(resource, created.row());
    ObjectNode shown = saved(resource, created.row(), call, tables);
    Answer answer = Answer.created(shown);
    call.ticket().ifPresent(ticket -> Idempotency.remember(tables, ticket, answer, call.now()));
    // After everything that is written down: this answer alone shows it.
    created.token().ifPresent(token -> shown.put("token", token));
    return answer;
  }

  /** Runs an action, which a repeat of the call does not run again. */
  Answer act(Action action, Call call) {
    Answer answer =
        store.write(tables ->
            call.ticket()
                .flatMap(ticket -> Idempotency.earlier(tables, ticket, call.now()))
                .orElseGet(() -> act(action, new Change(tables, call, identifiers))));
    putInForce(call.id());
    return answer;
  }

  private static Answer act(Action action, Change change) {
    Action.Done done = action.run(change);
    Call call = change.call();
    Answer answer = Answer.ok(done.shown());
    call.ticket()
        .ifPresent(ticket -> Idempotency.remember(change.tables(), ticket, answer, call.now()));
    // After everything that is written down: this answer alone shows it.
    done.token().ifPresent(token -> done.shown().put("token", token));
    return answer;
  }

  <R> Answer update(Resource<R> resource, Call call) {
    Answer answer =
        store.write(tables -> {
          Change change = new Change(tables, call, identifiers);
          R before = find(resource, call, tables).orElseThrow(() -> absent(resource, call));
          String shownBefore = change.shown(resource, before);
          R after = resource.update(before, change);
          resource.table(tables).update(after);
          change.updated(resource, after, shownBefore);
          return Answer.ok(saved(resource, after, call, tables));
        });
    putInForce(call.id());
    return answer;
  }

  <R> Answer delete(Resource<R> resource, Call call) {
    boolean wasThere =
        store.write(tables -> {
          Change change = new Change(tables, call, identifiers);
          Optional<R> row = find(resource, call, tables);
          row.ifPresent(present -> {
            resource.beforeDelete(present, change);
            change.deleted(resource, present);
            resource.table(tables).delete(call.id());
          });
          return row.isPresent();
        });
    // Not before this may a client believe that it is gone: also one that repeats a delete which
    // was saved and not put in force.
    putInForce(call.id());
    if (!wasThere) {
      throw absent(resource, call);
    }
    return Answer.deleted();
  }

  private static <R> ObjectNode saved(Resource<R> resource, R row, Call call, Store.Tables tables) {
    ObjectNode shown = resource.show(row, tables);
    List<String> warnings = resource.warnings(row, call);
    if (!warnings.isEmpty()) {
      warnings.forEach(shown.putArray("warnings")::add);
    }
    return shown;
  }

  private static <R> Optional<R> find(Resource<R> resource, Call call, Store.Tables tables) {
    // What has another shape cannot be there, and some of it no database takes as text.
    return Identifiers.isIdentifier(resource.prefix(), call.id())
        ? resource.table(tables).find(call.id())
        : Optional.empty();
  }

  private static ApiError absent(Resource<?> resource, Call call) {
    return ApiError.notFound(resource.noun(), call.id());
  }

  private void putInForce(String id) {
    try {
      publisher.catchUp();
    } catch (RuntimeException e) {
      LOG.error("the change of {} is saved, and not in force on this node", id, e);
      throw ApiError.of(
              ErrorCode.NOT_YET_APPLIED,
              "The change of "
                  + id
                  + " is saved, but this node has not applied it yet. It does so as soon as it can;"
                  + " look before you repeat the call.")
          .with("id", id)
          .retryAfter(1);
    }
  }
}
