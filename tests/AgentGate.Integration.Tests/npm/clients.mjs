// The official npm SDKs against a running server. BASE_URL and KEY name it; each case prints one JSON line.
import assert from 'node:assert/strict';
import OpenAI from 'openai';
import Anthropic from '@anthropic-ai/sdk';

const { BASE_URL, KEY } = process.env;
const SSN = '123-45-6789';
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

let requests = 0;
const counting = async (url, init) => {
    requests++;
    return fetch(url, init);
};
const openai = (options = {}) => new OpenAI({ baseURL: `${BASE_URL}/v1`, apiKey: KEY, fetch: counting, ...options });
const anthropic = (options = {}) => new Anthropic({ baseURL: BASE_URL, apiKey: KEY, authToken: null, fetch: counting, ...options });

/** What the provider got since a moment, as text. */
async function left(since) {
    const answer = await fetch(`${BASE_URL}/api/demo/received`, { headers: { authorization: `Bearer ${KEY}` } });
    assert.equal(answer.status, 200);
    return (await answer.json()).slice(since).map(received => received.body);
}

const schema = { type: 'object', properties: {}, additionalProperties: true };

/** One way to ask, for each route: { text, tools: [{ id, name, args }], finish, usage }. */
const routes = {
    chat: {
        provider: 'openai',
        async ask(client, turns, { stream, tools = [], model = 'demo-echo', onText = () => {} } = {}) {
            const body = {
                model,
                messages: turns.map(turn => turn.user !== undefined
                    ? { role: 'user', content: turn.user }
                    : turn.result !== undefined
                        ? { role: 'tool', tool_call_id: turn.id, content: turn.result }
                        : { role: 'assistant', content: null, tool_calls: turn.calls.map(call => ({
                            id: call.id, type: 'function', function: { name: call.name, arguments: JSON.stringify(call.args) } })) }),
                ...(tools.length ? { tools: tools.map(name => ({ type: 'function', function: { name, parameters: schema } })) } : {}),
            };
            let completion;
            if (stream) {
                const runner = client.chat.completions.stream({ ...body, stream_options: { include_usage: true } });
                runner.on('content', onText);
                completion = await runner.finalChatCompletion();
            } else {
                completion = await client.chat.completions.create(body);
            }
            const { message, finish_reason } = completion.choices[0];
            return {
                text: message.content ?? '',
                tools: (message.tool_calls ?? []).map(call => ({ id: call.id, name: call.function.name, args: JSON.parse(call.function.arguments) })),
                finish: finish_reason,
                usage: [completion.usage.prompt_tokens, completion.usage.completion_tokens],
            };
        },
        picture: [{ type: 'text', text: 'What is this?' }, { type: 'image_url', image_url: { url: `data:image/png;base64,${PNG}` } }],
        toolFinish: 'tool_calls',
        textFinish: 'stop',
    },
    responses: {
        provider: 'openai',
        async ask(client, turns, { stream, tools = [], model = 'demo-echo', previous, onText = () => {} } = {}) {
            const body = {
                model,
                input: turns.flatMap(turn => turn.user !== undefined
                    ? [{ role: 'user', content: turn.user }]
                    : turn.result !== undefined
                        ? [{ type: 'function_call_output', call_id: turn.id, output: turn.result }]
                        : turn.calls.map(call => ({ type: 'function_call', call_id: call.id, name: call.name, arguments: JSON.stringify(call.args) }))),
                ...(previous ? { previous_response_id: previous } : {}),
                ...(tools.length ? { tools: tools.map(name => ({ type: 'function', name, parameters: schema, strict: false })) } : {}),
            };
            let response;
            if (stream) {
                // The SDK's own accumulator replays every event, so an event out of order or without its start fails here.
                const runner = client.responses.stream(body);
                let sequence = -1;
                let said = '';
                for await (const event of runner) {
                    assert.ok(event.sequence_number > sequence, `${event.type}: ${event.sequence_number} after ${sequence}`);
                    sequence = event.sequence_number;
                    if (event.type === 'response.output_text.delta') {
                        said += event.delta;
                        onText(event.delta);
                    }
                }
                response = await runner.finalResponse();
                assert.equal(said, response.output_text ?? textOf(response));
            } else {
                response = await client.responses.create(body);
            }
            return {
                id: response.id,
                text: textOf(response),
                tools: response.output.filter(item => item.type === 'function_call')
                    .map(call => ({ id: call.call_id, name: call.name, args: JSON.parse(call.arguments) })),
                finish: response.status,
                usage: [response.usage.input_tokens, response.usage.output_tokens],
            };
        },
        picture: [{ type: 'input_text', text: 'What is this?' }, { type: 'input_image', image_url: `data:image/png;base64,${PNG}`, detail: 'auto' }],
        toolFinish: 'completed',
        textFinish: 'completed',
    },
    messages: {
        provider: 'anthropic',
        async ask(client, turns, { stream, tools = [], model = 'demo-echo', onText = () => {} } = {}) {
            const body = {
                model,
                max_tokens: 1000,
                messages: turns.map(turn => turn.user !== undefined
                    ? { role: 'user', content: turn.user }
                    : turn.result !== undefined
                        ? { role: 'user', content: [{ type: 'tool_result', tool_use_id: turn.id, content: turn.result }] }
                        : { role: 'assistant', content: turn.calls.map(call => ({ type: 'tool_use', id: call.id, name: call.name, input: call.args })) }),
                ...(tools.length ? { tools: tools.map(name => ({ name, input_schema: schema })) } : {}),
            };
            let message;
            if (stream) {
                const runner = client.messages.stream(body);
                runner.on('text', onText);
                message = await runner.finalMessage();
            } else {
                message = await client.messages.create(body);
            }
            return {
                text: message.content.filter(block => block.type === 'text').map(block => block.text).join(''),
                tools: message.content.filter(block => block.type === 'tool_use').map(call => ({ id: call.id, name: call.name, args: call.input })),
                finish: message.stop_reason,
                usage: [message.usage.input_tokens, message.usage.output_tokens],
            };
        },
        picture: [{ type: 'text', text: 'What is this?' }, { type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
        toolFinish: 'tool_use',
        textFinish: 'end_turn',
    },
};

const textOf = response => response.output.filter(item => item.type === 'message')
    .flatMap(item => item.content).filter(part => part.type === 'output_text').map(part => part.text).join('');

/** Each scenario runs at each route, whole and streamed. */
const scenarios = {
    async 'a value comes back and a token left'(route, client, stream) {
        const since = (await left(0)).length;
        const answer = await route.ask(client, [{ user: `My SSN is ${SSN} 😀` }], { stream });
        assert.equal(answer.text, `You said: My SSN is ${SSN} 😀`);
        assert.equal(answer.finish, route.textFinish);
        const [body] = await left(since);
        assert.match(body, /<SSN_1>/);
        assert.ok(!body.includes(SSN));
    },
    async 'usage arrives'(route, client, stream) {
        const { usage } = await route.ask(client, [{ user: 'Count this.' }], { stream });
        assert.ok(usage[0] > 0 && usage[1] > 0, JSON.stringify(usage));
    },
    async 'an outside tool gets the token'(route, client, stream) {
        const answer = await route.ask(client, [{ user: `/tool lookup {"ssn":"${SSN}"}` }], { stream, tools: ['lookup'] });
        assert.deepEqual(answer.tools.map(({ name, args }) => ({ name, args })), [{ name: 'lookup', args: { ssn: '<SSN_1>' } }]);
        assert.equal(answer.finish, route.toolFinish);
    },
    async 'an internal tool gets the value'(route, client, stream) {
        const answer = await route.ask(client, [{ user: `/tool vault_read {"ssn":"${SSN}"}` }], { stream, tools: ['vault_read'] });
        assert.deepEqual(answer.tools.map(({ name, args }) => ({ name, args })), [{ name: 'vault_read', args: { ssn: SSN } }]);
    },
    async 'a forbidden tool is refused'(route, client, stream) {
        const answer = await route.ask(client, [{ user: '/tool delete_user {"id":"unheard-of"}' }], { stream, tools: ['delete_user', 'lookup'] });
        assert.deepEqual(answer.tools, []);
        assert.match(answer.text, /\[AgentGate AG1\d+\]/);
        assert.ok(!answer.text.includes('unheard-of'));
        assert.equal(answer.finish, route.textFinish);
    },
    async 'of parallel calls only the forbidden one goes'(route, client, stream) {
        const answer = await route.ask(
            client,
            [{ user: `/say Working.\n/tool lookup {"a":1}\n/tool delete_user {"id":7}\n/tool vault_read {"ssn":"${SSN}"}` }],
            { stream, tools: ['lookup', 'vault_read', 'delete_user'] });
        assert.deepEqual(answer.tools.map(({ name, args }) => ({ name, args })), [{ name: 'lookup', args: { a: 1 } }, { name: 'vault_read', args: { ssn: SSN } }]);
        assert.equal(new Set(answer.tools.map(tool => tool.id)).size, 2);
        assert.match(answer.text, /^Working\.[^]*\[AgentGate AG1\d+\]/);
        assert.equal(answer.finish, route.toolFinish);
    },
    async 'a tool result comes back restored'(route, client, stream) {
        const ask = { user: `/tool lookup {"ssn":"${SSN}"}` };
        const called = await route.ask(client, [ask], { stream, tools: ['lookup'] });
        const since = (await left(0)).length;
        const answer = await route.ask(
            client, [ask, { calls: called.tools }, { id: called.tools[0].id, result: `The person ${SSN} has ann@example.org.` }], { stream, tools: ['lookup'] });
        assert.equal(answer.text, `Tool said: The person ${SSN} has ann@example.org.`);
        const [body] = await left(since);
        assert.ok(!body.includes(SSN) && !body.includes('ann@'));
    },
    async 'a wrong key is an AuthenticationError'(route, client, stream) {
        const error = await refused(route, { apiKey: 'ag_nobody' }, [{ user: 'Hello' }], { stream });
        assert.ok(error instanceof sdk(route).AuthenticationError, `${error}`);
        assert.equal(requests, 1);
    },
    async 'a picture is a PermissionDeniedError, once'(route, client, stream) {
        const error = await refused(route, {}, [{ user: route.picture }], { stream });
        assert.ok(error instanceof sdk(route).PermissionDeniedError, `${error}`);
        assert.match(error.message, /AG1117/);
        assert.equal(requests, 1);
    },
    async 'an unknown model is a NotFoundError'(route, client, stream) {
        const error = await refused(route, {}, [{ user: 'Hello' }], { stream, model: 'nobody-9' });
        assert.ok(error instanceof sdk(route).NotFoundError, `${error}`);
        assert.equal(requests, 1);
    },
    async 'a duplicate member is a BadRequestError'(route, client, stream) {
        const twice = (url, init) => counting(url, { ...init, body: `{"model":"other",${init.body.slice(1)}` });
        const error = await refused(route, { fetch: twice }, [{ user: 'Hello' }], { stream });
        assert.ok(error instanceof sdk(route).BadRequestError, `${error}`);
        assert.match(error.message, /AG1102/);
        assert.equal(requests, 1);
    },
    async 'the provider’s own errors come through'(route, client, stream) {
        const broken = await refused(route, { maxRetries: 0 }, [{ user: '/fail' }], { stream });
        assert.ok(broken instanceof sdk(route).InternalServerError, `${broken}`);
        assert.match(broken.message, /demo provider fails/);
        const limited = await refused(route, { maxRetries: 0 }, [{ user: '/status 429' }], { stream });
        assert.ok(limited instanceof sdk(route).RateLimitError, `${limited}`);
    },
    async 'a guard that fails closes the gate, once'(route, client, stream) {
        const error = await refused(route, {}, [{ user: 'GUARD-FAILS-HERE' }], { stream });
        assert.equal(error.status, 503);
        assert.equal(requests, 1, 'x-should-retry: false must hold the SDK back');
    },
    async 'a blocked answer is an error'(route, client, stream) {
        let text = '';
        const error = await refused(
            route, {}, [{ user: '/say Harmless words come first, then XYZZY and the end.' }], { stream, onText: said => { text += said; } });
        assert.match(error.message, /AG9999/);
        assert.ok(error instanceof sdk(route).APIError || stream, `${error}`);
        assert.ok(!text.includes('XYZZY') && !text.includes('the end'));
        assert.equal(text.startsWith('Harmless'), Boolean(stream));
        assert.equal(requests, 1);
    },
    async 'a stream that breaks off is an error'(route, client, stream) {
        await refused(route, { maxRetries: 0 }, [{ user: '/say A text that is long enough to be cut somewhere.\n/fail-midway' }], { stream });
    },
};

const others = {
    async 'responses: a stored answer is continued'() {
        const first = await routes.responses.ask(openai(), [{ user: `My SSN is ${SSN}.` }]);
        const second = await routes.responses.ask(openai(), [{ user: '/recall' }], { previous: first.id, stream: true });
        assert.equal(second.text, `Before, you said: My SSN is ${SSN}.`);
    },
    async 'embeddings: the provider gets tokens'() {
        const since = (await left(0)).length;
        const answer = await openai().embeddings.create({ model: 'demo-embed', input: [`My SSN is ${SSN}`, 'Nothing'] });
        assert.equal(answer.data.length, 2);
        assert.ok(answer.data[0].embedding.length > 0);
        assert.ok(!(await left(since))[0].includes(SSN));
    },
    async 'count_tokens: counts'() {
        const answer = await anthropic().messages.countTokens({ model: 'demo-echo', messages: [{ role: 'user', content: SSN }] });
        assert.ok(answer.input_tokens > 0);
    },
    async 'models: OpenAI lists and finds'() {
        const ids = [];
        for await (const model of openai().models.list()) {
            ids.push(model.id);
        }
        assert.ok(ids.includes('demo-echo'));
        assert.equal((await openai().models.retrieve('demo-echo')).id, 'demo-echo');
        await assert.rejects(openai().models.retrieve('nobody-9'), OpenAI.NotFoundError);
    },
    async 'models: Anthropic lists and finds'() {
        const ids = [];
        for await (const model of anthropic().models.list()) {
            ids.push(model.id);
        }
        assert.ok(ids.includes('demo-echo'));
        assert.equal((await anthropic().models.retrieve('demo-echo')).type, 'model');
        await assert.rejects(anthropic().models.retrieve('nobody-9'), Anthropic.NotFoundError);
    },
};

const sdk = route => route.provider === 'openai' ? OpenAI : Anthropic;
const connect = (route, options) => route.provider === 'openai' ? openai(options) : anthropic(options);

async function refused(route, options, turns, asked) {
    requests = 0;
    try {
        await route.ask(connect(route, options), turns, asked);
    } catch (error) {
        return error;
    }
    assert.fail('The call was expected to fail.');
}

const cases = [];
for (const [routeName, route] of Object.entries(routes)) {
    for (const [name, scenario] of Object.entries(scenarios)) {
        for (const stream of [false, true]) {
            cases.push([`${routeName}${stream ? ', streamed' : ''}: ${name}`, () => scenario(route, connect(route, {}), stream)]);
        }
    }
}
cases.push(...Object.entries(others));

if (process.argv[2] === '--list') {
    cases.forEach(([name]) => console.log(name));
} else {
    for (const [name, run] of cases) {
        try {
            await run();
            console.log(JSON.stringify({ name, ok: true }));
        } catch (error) {
            console.log(JSON.stringify({ name, ok: false, error: String(error?.stack ?? error) }));
        }
    }
}
