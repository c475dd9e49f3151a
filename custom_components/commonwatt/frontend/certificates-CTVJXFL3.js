/* CommonWatt, MIT. Contains Lit (BSD-3-Clause) and MDI icons (Apache-2.0). */
import{a as $,b as r,d as o,e as g,f as c,g as u,i as h,j as w,n as f,r as m,t as _,u as y,w as v}from"./chunk-OKPPUYOT.js";import{a as d}from"./chunk-YLCQAMB4.js";var x=8,k=864e5,R=1e18,l=class extends g{constructor(){super(...arguments);this.dark=!1;this.results=new Map;this.all=!1}static{this.styles=[_,y,$`:host{display:block;}code{font-size:12px;color:var(--cw-quiet);}.result{display:inline-flex;align-items:center;gap:6px;min-height:44px;padding:0 8px;font-size:14px;font-weight:500;}.good,.good .icon{color:var(--cw-accent);}.bad{color:var(--error-color, #b3261e);}.chain{margin:24px 0 4px;}.title{font-size:14px;line-height:20px;overflow-wrap:anywhere;}`]}render(){let t=this.context;if(!t)return o;let e=t.s.proof.certificates,{chain:i}=t.s;if(e.length===0)return r`<p class="empty">${t.t("certificates_none")}</p>${i?b(t,i):o}`;let a=this.all?e:e.slice(0,x);return r`<ul class="rows" data-test="certificates">
${a.map(p=>this.row(t,p))}
</ul>
${a.length<e.length?r`<button class="plain" @click=${()=>this.all=!0}>${t.t("rest_homes",{count:e.length-a.length})}</button>`:o}
${i?b(t,i):o}`}row(t,e){let i=e.mine?"certificate_mine":"certificate_theirs",a=e.mine?m(t,e.producer):m(t,e.holder),p=[f(t.t,"source",e.source),...e.stored?[t.t("certificate_stored")]:[]].join(", ");return r`<li>
${v("certificate")}
<div class="grow">
<div class="title"><span class="num">${w(t.f.energy(e.energy_wh))}</span> ${p} · ${a}</div>
<div class="small quiet">
<span class="num">${t.f.moment(e.start,t.s.now.at)}</span> · ${t.t(i)} ·
${f(t.t,"certificate",e.state)} · <code>${e.id.slice(0,8)}</code>
</div>
</div>
${this.check(t,e)}
</li>`}check(t,e){let i=this.results.get(e.id);if(i)return r`<span class="result ${i.valid?"good":"bad"}" role="status">${i.valid?v("check",20):o}${i.said}</span>`;let a=`${t.t("verify")} ${e.id.slice(0,8)}`;return r`<button aria-label=${a} @click=${()=>this.verify(t,e)}>${t.t("verify")}</button>`}async verify(t,e){let i=await C(t,e).catch(a=>({valid:!1,said:h(t.t,a)}));this.results=new Map(this.results).set(e.id,i)}};d([c({attribute:!1})],l.prototype,"context",2),d([c({type:Boolean,reflect:!0})],l.prototype,"dark",2),d([u()],l.prototype,"results",2),d([u()],l.prototype,"all",2);async function C(s,n){let t=await s.act.verify(n);if(!t.valid||t.certificate.id!==n.id)return{valid:!1,said:s.t("verify_failed")};if(!s.s.chain)return{valid:!0,said:s.t("verified")};let e=await s.act.verifyOnChain(n).then(i=>i.valid?s.t("verified_batch",{batch:i.batch}):s.t("verified_chain_not"),i=>i.code==="certificate_unknown"?s.t("verified_not_yet"):h(s.t,i));return{valid:!0,said:`${s.t("verified")} · ${e}`}}function b(s,n){let t=(i,a)=>r`<li><span class="grow">${i}</span><span class="num">${a}</span></li>`,e=Number(n.gas_wei)/R;return r`<div class="head chain"><h2>${s.t("chain")}</h2><span class="small quiet"><code>${n.account.slice(0,8)}…</code></span></div>
<ul class="rows" data-test="chain">
${t(s.t("chain_credit"),s.f.money(n.credit_nano))}
${t(s.t("chain_pending"),s.f.money(n.pending_nano))}
${t(s.t("chain_until"),n.day==null?s.t(n.waits?"chain_waits":"chain_none"):s.t("chain_batch",{date:s.f.date((n.day+.5)*k),batch:n.batch??""}))}
${t(s.t("chain_gas"),`${s.f.number(e,5)} ${n.coin}`)}
</ul>`}export{l as CommonWattCertificates};
