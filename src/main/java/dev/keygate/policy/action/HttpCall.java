package dev.keygate.policy.action;

import io.vertx.core.Future;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import java.time.Duration;

/**
 * Makes requests for {@code http-request}. Whoever implements it keeps the address policy: {@code
 * http://} to loopback and private addresses only, link-local and cloud-metadata addresses never,
 * checked on the address that is connected to, after every redirect too.
 */
public interface HttpCall {

  /**
   * What is asked.
   *
   * @param url absolute, {@code http} or {@code https}
   * @param timeout for everything, redirects included
   * @param maxRedirects how many redirects may be followed; 0 for none, then a redirect is an
   *     answer like any other
   */
  record Request(
      String method,
      String url,
      MultiMap headers,
      Buffer body,
      Duration timeout,
      int maxRedirects) {

    /** The same with less time. */
    Request within(Duration left) {
      return new Request(method, url, headers, body, left, maxRedirects);
    }

    /** Says nothing of what is in it: headers hold credentials. */
    @Override
    public String toString() {
      return method;
    }
  }

  /**
   * What came back.
   *
   * @param address the address that was connected to
   */
  record Answer(int status, MultiMap headers, Buffer body, String address) {

    @Override
    public String toString() {
      return status + " from " + address;
    }
  }

  /**
   * Makes a request.
   *
   * @return completes on the exchange's event loop; fails when there is no answer or one with more
   *     than {@code maxBytes} of body. A failure's message may be shown to the policy's author
   */
  Future<Answer> send(Request request, int maxBytes);

  /** For places without a network: every request fails. */
  HttpCall NONE = (request, maxBytes) -> Future.failedFuture("requests are not made here");
}
